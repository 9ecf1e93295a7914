// The page for all: keys, screen readers, colours, widths, tokens.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { axeSource } from "./modules.js";
import { Scene, shop } from "./scene.js";

/** What axe-core finds serious in the page as it is. */
async function serious(page) {
  // The page allows no scripts of others, but those that the browser itself evaluates.
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  const bad = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return bad.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map((node) => node.html.slice(0, 150))
        .slice(0, 3)
        .join(" ")}`,
  );
}

async function eachView(dark, width) {
  const scene = await Scene.open({ dark, width });
  const { page } = scene;
  try {
    await scene.isLive();
    const client = await scene.client();
    await shop(client);
    await page.locator("#filter").fill("rows > x");
    assert.deepEqual(await serious(page), [], "a mistake");
    await page.locator("#filter").fill("");
    await scene.rows().filter({ hasText: "ordrs" }).click();
    assert.deepEqual(await serious(page), [], "statements");
    const isScrolledSideways = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(await isScrolledSideways(), false, "statements");
    for (const hash of ["#/connections", "#/connections/1", "#/digests"]) {
      await page.evaluate((next) => {
        location.hash = next;
      }, hash);
      await page.waitForTimeout(500);
      assert.deepEqual(await serious(page), [], hash);
      assert.equal(await isScrolledSideways(), false, hash);
    }
    await page.getByRole("button", { name: "Keys" }).click();
    assert.deepEqual(await serious(page), [], "keys");
    await page.keyboard.press("Escape");
  } finally {
    await scene.close();
  }
}

export const access = {
  "axe-core has no serious finding in the light": () => eachView(false, 1280),
  "axe-core has no serious finding in the dark": () => eachView(true, 1280),
  "axe-core has no serious finding on a narrow screen": () => eachView(false, 400),

  "dark and light can be chosen, and stay": async () => {
    const scene = await Scene.open({ dark: true });
    try {
      const { page } = scene;
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const dark = await ground();
      await page.getByRole("button", { name: "Dark or light" }).click();
      const light = await ground();
      assert.notEqual(light, dark);
      await page.reload();
      assert.equal(await ground(), light);
    } finally {
      await scene.close();
    }
  },

  "a slow statement is found and opened with keys alone": async () => {
    const scene = await Scene.open();
    const { page } = scene;
    try {
      await scene.isLive();
      await shop(await scene.client());
      await page.keyboard.press("/");
      await page.keyboard.type("latency > 1s");
      await page.getByText(/^1 of 7 statements$/).waitFor();
      const grid = page.getByRole("grid", { name: "Statements" });
      for (let presses = 0; presses < 12; presses += 1) {
        if (await grid.evaluate((element) => element === document.activeElement)) break;
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "QUERY 6 on connection 1" }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.tagName), "H2");
      await page.keyboard.press("Escape");
      assert.equal(await page.getByRole("complementary").count(), 0);
      await page.keyboard.press("3");
      await page.getByRole("grid", { name: "Digests" }).waitFor();
    } finally {
      await scene.close();
    }
  },

  "the token is asked for once, and a wrong one again": async () => {
    const file = join(tmpdir(), `mynah-page-token-${process.pid}`);
    writeFileSync(file, "throw-away-token\n", { mode: 0o600 });
    const scene = await Scene.open({ args: [`--http-token-file=${file}`] });
    const { page } = scene;
    try {
      const box = page.getByLabel("Token", { exact: true });
      await box.fill("wrong");
      await page.keyboard.press("Enter");
      await page.getByText("This isn't the token.").waitFor();
      await box.fill("throw-away-token");
      await page.keyboard.press("Enter");
      await scene.isLive();
      await page.reload();
      await scene.isLive();
      const { status } = await fetch(`http://127.0.0.1:${scene.http}/connections/`);
      assert.equal(status, 401);
    } finally {
      await scene.close();
    }
  },

  "the browser is told to take nothing from elsewhere": async () => {
    const scene = await Scene.open();
    try {
      const { headers } = await fetch(`http://127.0.0.1:${scene.http}/`);
      assert.match(headers.get("content-security-policy"), /^default-src 'none'; script-src 'self'; style-src 'self'/);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
    } finally {
      await scene.close();
    }
  },
};
