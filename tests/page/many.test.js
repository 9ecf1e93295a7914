// 100,000 statements: the page stays quick and small.

import assert from "node:assert/strict";
import { Scene } from "./scene.js";
import { longestTask } from "./tasks.js";

const COUNT = 100_000;
const MOST_ROWS = 300;
const LONGEST_TASK = 50;
const MOST_BYTES = 300 * 1024 * 1024;

export const many = {
  "100,000 statements take few rows, short tasks and little memory": async () => {
    const scene = await Scene.open();
    const { page } = scene;
    try {
      await scene.isLive();
      const clients = await Promise.all([1, 2, 3, 4].map(() => scene.client()));
      const send = async (client, first) => {
        for (let number = first; number < COUNT; number += clients.length) {
          await client.query(`set @price = ${number} /* ${"as long as a usual statement ".repeat(4)}*/`);
        }
      };
      await Promise.all(clients.map(send));
      await page.getByText(/^100,000 statements$/).waitFor({ timeout: 300_000 });
      const rows = () => page.locator("[role=row]").count();
      let most = 0;
      const grid = page.getByRole("grid", { name: "Statements" });
      const box = await grid.boundingBox();
      await page.mouse.move(box.x + 100, box.y + 200);
      const scrolling = await longestTask(scene, async () => {
        for (let step = 0; step < 40; step += 1) {
          await page.mouse.wheel(0, step % 20 === 19 ? 200_000 : -3000 - step * 500);
          if (step % 10 === 0) most = Math.max(most, await rows());
        }
        await grid.focus();
        for (const key of ["Home", "PageDown", "PageDown", "End", "PageUp"]) await page.keyboard.press(key);
        most = Math.max(most, await rows());
      });
      const searching = await longestTask(scene, async () => {
        await page.getByLabel("Filter").fill("sql ~ '= 99'");
        await page.getByText(/^\d[\d,]* of 100,000 statements$/).waitFor();
        await page.getByText(/^1,111 of 100,000 statements$/).waitFor({ timeout: 60_000 });
      });
      const bytes = await page.evaluate(() => performance.memory.usedJSHeapSize);
      assert.ok(most <= MOST_ROWS, `${most} rows`);
      assert.ok(scrolling <= LONGEST_TASK, `a task of ${scrolling} ms while it scrolls`);
      assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
      return `${most} rows, longest task ${scrolling.toFixed(0)} ms while scrolling and ${searching.toFixed(0)} ms while searching, ${(bytes / 1048576).toFixed(0)} MiB`;
    } finally {
      await scene.close();
    }
  },
};
