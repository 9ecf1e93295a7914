// The page's grammar of filters is that of the proxy.

import assert from "node:assert/strict";
import { FIELDS } from "../../crates/mynah-page/web/proxy/fields.js";
import { FilterError, parseFilter } from "../../crates/mynah-page/web/shared/filter.js";
import { Scene, shop } from "./scene.js";

const GOOD = [
  'command = query and sql ~ "ORDERS" and latency > 1ms',
  "error != 0 and not (error = 1062 or user = monitor)",
  "table = orders and (kind = update or kind = delete)",
  "table = shop.orders or table !~ ord",
  "state = 42S02 or state = ''",
  "rows >= 1 and rows <= 100",
  "bytes > 1k AND received < 1m",
  "not user = root or schema = SHOP and connection = 1",
  "effect = begin or effect != begin",
  "sql ~ '''2026'''",
  "first_byte > 1s and waited >= 0us",
  "digest ~ ordrs or affected = 2",
];
const BAD = [
  "command",
  "command = ",
  "commands = query",
  "command = query and",
  "command = query andy rows = 1",
  "latency > 10",
  "latency > 10k",
  "rows > 10ms",
  "rows ~ 1",
  "(rows = 1",
  'sql ~ "é',
  "rows = 1)",
  "table < t",
  "__proto__ = 1",
  "not",
  "()",
  `${"(".repeat(100)}rows = 1`,
];

export const filters = {
  "the page and the proxy let the same statements through": async () => {
    const scene = await Scene.open();
    const events = [];
    const streams = [];
    try {
      const listen = async (query, onEvent) => {
        const response = await fetch(`http://127.0.0.1:${scene.http}/events/?${new URLSearchParams(query)}`);
        assert.equal(response.status, 200, `${JSON.stringify(query)}: ${response.status}`);
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        streams.push(reader);
        const read = async () => {
          let rest = "";
          for (;;) {
            const { value, done } = await reader.read();
            if (done) return;
            const lines = (rest + value).split("\n");
            rest = lines.pop();
            for (const line of lines) if (line.startsWith("data: ")) onEvent(JSON.parse(line.slice(6)));
          }
        };
        read().catch(() => {});
      };
      const found = GOOD.map(() => []);
      await listen({ level: 2 }, (event) => events.push(event));
      for (const [at, filter] of GOOD.entries()) await listen({ level: 2, filter }, (event) => found[at].push(event));
      const client = await scene.client();
      await shop(client);
      await client.end();
      const isClosed = (list) => list.some((event) => event.event === "close");
      while (!isClosed(events) || !found.every(isClosed)) await new Promise((resolve) => setTimeout(resolve, 20));
      const numbers = (list) => list.filter((event) => event.event === "command").map((event) => event.number);
      for (const [at, filter] of GOOD.entries()) {
        const expected = events.filter((event) => event.event === "command" && parseFilter(filter, FIELDS)(event));
        assert.deepEqual(numbers(found[at]), numbers(expected), filter);
      }
    } finally {
      await Promise.all(streams.map((reader) => reader.cancel().catch(() => {})));
      await scene.close();
    }
  },

  "the page and the proxy find the same mistakes in the same places": async () => {
    const scene = await Scene.open();
    try {
      for (const filter of BAD) {
        const response = await fetch(`http://127.0.0.1:${scene.http}/events/?${new URLSearchParams({ filter })}`);
        assert.equal(response.status, 400, filter);
        const column = /column (\d+):/.exec(await response.text())[1];
        assert.throws(
          () => parseFilter(filter, FIELDS),
          (error) => error instanceof FilterError && error.at + 1 === Number(column),
          `${filter}: the proxy says column ${column}`,
        );
      }
    } finally {
      await scene.close();
    }
  },

  "the box completes fields, operators and words": async () => {
    const scene = await Scene.open();
    try {
      await scene.isLive();
      const { page } = scene;
      const options = () => page.getByRole("option").allInnerTexts();
      await page.keyboard.press("/");
      await page.keyboard.type("la");
      assert.deepEqual(await options(), ["latency"]);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      assert.deepEqual(await options(), ["!=", "<=", ">=", "<", ">", "="]);
      await page.keyboard.type("> 1s ");
      assert.deepEqual(await options(), ["and", "or"]);
      assert.equal(await page.getByLabel("Filter").inputValue(), "latency > 1s ");
    } finally {
      await scene.close();
    }
  },
};
