// Programs, clients and a browser for one test.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium, mysql } from "./modules.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const WEB = join(HERE, "../../crates/mynah-page/web");

/** A program, once it has said where it listens. */
async function start(program, args, ports) {
  const child = spawn(join(process.env.MYNAH_PROGRAMS, program), args, { stdio: ["ignore", "pipe", "pipe"] });
  const found = [];
  const said = [];
  const ready = new Promise((resolve, reject) => {
    const onLine = (line) => {
      said.push(line);
      const port = /listening on .*:(\d+)$/.exec(line)?.[1];
      if (port) found.push(Number(port));
      if (found.length === ports) resolve();
    };
    // The mock says it on standard output, the proxy on standard error.
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", onLine);
    child.on("exit", () => reject(new Error(`${program} has ended: ${said.join("\n")}`)));
  });
  await ready;
  return { child, ports: found };
}

/** A mock, a proxy in front of it, and a page of a browser. */
export class Scene {
  static async open({ args = [], width = 1280, height = 800, dark = false, hash = "" } = {}) {
    const scene = new Scene();
    scene.folder = mkdtempSync(join(tmpdir(), "mynah-page-"));
    scene.mock = await start("mynah-mock", ["--port=0", `--filename=${join(HERE, "server.js")}`], 1);
    scene.proxy = await start(
      "mynah-proxy",
      ["--listen=127.0.0.1:0", `--upstream=127.0.0.1:${scene.mock.ports[0]}`, "--trace=off", "--http-port=0", ...args],
      2,
    );
    [scene.port, scene.http] = scene.proxy.ports;
    const options = ["--no-sandbox", "--disable-dev-shm-usage", "--enable-precise-memory-info"];
    scene.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: options,
    });
    scene.context = await scene.browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? "dark" : "light",
      acceptDownloads: true,
      timezoneId: "UTC",
    });
    scene.page = await scene.context.newPage();
    scene.problems = [];
    scene.page.on("pageerror", (error) => scene.problems.push(String(error)));
    scene.page.on("console", (message) => {
      if (message.type() === "error" && !/status of 40[014]/.test(message.text())) scene.problems.push(message.text());
    });
    scene.page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "blob:" && url.port !== String(scene.http)) scene.problems.push(`asks for ${url}`);
    });
    if (process.env.MYNAH_PAGE_FROM_TREE) await scene.serveTree();
    await scene.page.goto(`http://127.0.0.1:${scene.http}/${hash}`);
    return scene;
  }

  /** Takes the page's files from the checkout rather than from the program: for work on them without a build. */
  async serveTree() {
    await this.page.route(/\/page\/|:\d+\/$/, async (route) => {
      const response = await route.fetch();
      const path = new URL(route.request().url()).pathname;
      const file = path === "/" ? "proxy/index.html" : path.slice("/page/".length);
      await route.fulfill({
        response,
        status: 200,
        body: readFileSync(join(WEB, file)),
        headers: { ...response.headers(), "content-type": type(file) },
      });
    });
  }

  /** A client that has logged in. */
  async client(options = {}) {
    const connection = await mysql.createConnection({
      host: "127.0.0.1",
      port: this.port,
      user: "root",
      password: "",
      database: "shop",
      ...options,
    });
    connection.on?.("error", () => {});
    return connection;
  }

  /** Waits until the page says that it receives events. */
  async isLive() {
    await this.page.locator("#state.live").waitFor();
  }

  /** The rows of the view that is shown. */
  rows() {
    return this.page.locator(".view:not([hidden]) .space .row");
  }

  async close() {
    await this.browser.close();
    for (const { child } of [this.proxy, this.mock]) {
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
    }
    rmSync(this.folder, { recursive: true });
    assert.deepEqual(this.problems, []);
  }
}

function type(file) {
  return { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml" }[file.split(".").at(-1)];
}

/** Statements as an application sends them: rows, parameters, changes, an error, and a slow one. */
export async function shop(client) {
  await client.query("select id, item, price, placed from orders where price > 10 /* list */ order by id");
  await client.execute("update orders set item = ? where id = ?", ["lamp", 7]);
  await client.query("insert into orders (item, price) values ('chair', 45.5)");
  await client.query("select * from ordrs").catch(() => {});
  await client.query("call report('2026')");
  await client.query("delete from orders where id = 12");
}
