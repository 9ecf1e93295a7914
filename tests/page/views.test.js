// What a person does with the page.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Scene, shop } from "./scene.js";

/** Where screenshots go, if they are wanted. */
const SHOTS = process.env.MYNAH_SCREENSHOTS;

async function shot(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** A scene with the statements of a shop. */
async function withShop(options, work) {
  const scene = await Scene.open(options);
  try {
    await scene.isLive();
    const client = await scene.client();
    await shop(client);
    await scene.rows().filter({ hasText: "delete from orders" }).waitFor();
    await work(scene, client);
  } finally {
    await scene.close();
  }
}

export const views = {
  "statements appear with their latency, rows and errors": () =>
    withShop({}, async ({ page, ...scene }) => {
      const row = (text) => page.locator(".view:not([hidden]) .space .row", { hasText: text });
      await row("from ordrs").filter({ hasText: "1146 Table 'shop.ordrs' doesn't exist" }).waitFor();
      assert.match(await row("from ordrs").getAttribute("class"), /failed/);
      assert.match(await row("call report").innerText(), /1\.2\d s/);
      assert.equal(await row("call report").locator(".bar.slow").count(), 1);
      assert.match(await row("select id, item").innerText(), /60$/);
      assert.equal(await row("select id, item").locator(".sql-keyword").first().innerText(), "select");
      await shot(page, "statements");
      assert.ok(scene.http > 0);
    }),

  "a login that fails says why in the diagram": async () => {
    const scene = await Scene.open();
    try {
      await scene.isLive();
      await assert.rejects(scene.client({ user: "ada", password: "wrong" }));
      const { page } = scene;
      await page.getByRole("link", { name: "Connections" }).click();
      await page.getByLabel("Closed ones, too").check();
      await scene.rows().filter({ hasText: "refused: 1045" }).click();
      await page.locator(".phase.failed .message.failed", { hasText: "1045" }).first().waitFor();
      await shot(page, "login");
    } finally {
      await scene.close();
    }
  },

  "a diagram has arrows for messages and gaps for waits": () =>
    withShop({}, async ({ page }) => {
      await page.goto(`${page.url().split("#")[0]}#/connections/1`);
      await page.locator(".phase summary", { hasText: "Greeting and login" }).click();
      await page.locator(".message", { hasText: "logged in" }).waitFor();
      await page.locator(".phase", { hasText: "call report" }).locator(".gap", { hasText: "waits 1.2" }).waitFor();
      const failed = page.locator(".message.failed", { hasText: "error 1146" });
      assert.equal(await failed.count(), 1);
      await shot(page, "diagram");
    }),

  "the detail has rows, parameters and packets with fields and bytes": () =>
    withShop({}, async (scene, client) => {
      const { page } = scene;
      await scene.rows().filter({ hasText: "from ordrs" }).click();
      const detail = page.getByRole("complementary", { name: "Statement" });
      await detail.getByText("Error 1146 (42S02):").waitFor();
      await detail.getByRole("button", { name: /^Record those of connection 1/ }).click();
      // Messages are events from the next command on.
      await client.query("do 0");
      await client.query("select id, item, price, placed from orders where id > 1");
      await client.execute("update orders set item = ? where id = ?", ["sofa", 9]);
      await scene.rows().filter({ hasText: "where id > 1" }).click();
      await detail.getByRole("cell", { name: "2026-11-30 12:04:59" }).first().waitFor();
      await detail.getByRole("columnheader", { name: "placed" }).waitFor();
      const packet = detail.locator(".packet").first();
      await packet.locator("summary").click();
      await packet.getByText("select id, item, price").first().waitFor();
      assert.match(await packet.locator(".hex").innerText(), /^0000 {2}03 /);
      await shot(page, "detail");
      await scene.rows().filter({ hasText: "update orders" }).filter({ hasText: "STMT_EXECUTE" }).last().click();
      assert.deepEqual(await detail.locator(".parameters li").allInnerTexts(), ["sofa", "9"]);
    }),

  "a filter selects what is there and what comes; the export has the same": () =>
    withShop({}, async (scene, client) => {
      const { page } = scene;
      await page.getByLabel("Filter").fill("table = orders and not kind = select");
      await page.getByText(/^4 of 7 statements$/).waitFor();
      await client.query("update orders set item = 'bed' where id = 3");
      await client.query("do 1");
      await page.getByText(/^5 of 9 statements$/).waitFor();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Export" }).click();
      const file = await download;
      assert.match(file.suggestedFilename(), /^mynah-.*\.jsonl$/);
      const lines = readFileSync(await file.path(), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.equal(lines.length, 5);
      assert.ok(lines.every((line) => line.event === "command" && line.tables.includes("orders")));
      await page.getByLabel("Filter").fill("latency > 10");
      await page.getByText("column 11: a time like 500us, 10ms or 2s is expected").waitFor();
      await page.getByLabel("Filter").fill("error != 0");
      await page.getByText(/^1 of 9 statements$/).waitFor();
    }),

  "a pause holds the view still, and nothing is lost": () =>
    withShop({}, async (scene, client) => {
      const { page } = scene;
      await page.getByRole("button", { name: "Pause" }).click();
      await client.query("do 'paused'");
      await page.getByText("7 statements, 1 more since the pause").waitFor();
      assert.equal(await scene.rows().count(), 7);
      await page.getByRole("button", { name: "Resume" }).click();
      await scene.rows().filter({ hasText: "do 'paused'" }).waitFor();
      await page.getByRole("button", { name: "Clear" }).click();
      await page.getByText("No statements yet.").waitFor();
    }),

  "a connection can be closed": () =>
    withShop({}, async (scene, client) => {
      const { page } = scene;
      await page.getByRole("link", { name: "Connections" }).click();
      const row = scene.rows().filter({ hasText: "root" });
      assert.match(await row.innerText(), /shop/);
      await shot(page, "connections");
      await page.getByRole("button", { name: "Close connection 1" }).click();
      await page.getByRole("button", { name: "Really close connection 1" }).click();
      await row.waitFor({ state: "detached" });
      await assert.rejects(client.query("do 1"));
    }),

  "digests lead to their statements": () =>
    withShop({}, async (scene) => {
      const { page } = scene;
      await page.getByRole("link", { name: "Digests" }).click();
      const slowest = scene.rows().first();
      await slowest.filter({ hasText: "CALL `report`" }).waitFor();
      await page.getByLabel("Order by").selectOption("errors");
      await scene.rows().first().filter({ hasText: "`ordrs`" }).waitFor();
      await page.locator(".errors").getByText("Table 'shop.ordrs' doesn't exist").waitFor();
      await shot(page, "digests");
      await scene.rows().first().click();
      await page.getByText(/^1 of 7 statements$/).waitFor();
    }),
};
