"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const readline = require("node:readline");

const { findBin } = require("./find-bin.js");
const { RunningMock } = require("./running-mock.js");

const HOST = "127.0.0.1";
const KINDS = ["classic", "x", "http"];

/**
 * A mock that this process has started. `port` is the port of the classic protocol, `xport` that of the X Protocol, `http`
 * the address of the HTTP interface.
 */
class Mock extends RunningMock {
  #process;
  #folder;
  #log = "";

  constructor(child, folder) {
    super({ host: HOST });
    this.#process = child;
    this.#folder = folder;
    this.socket = path.join(folder, "mysql.sock");
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text) => (this.#log += text));
  }

  /** The mock's log: warnings and errors; with `--verbose`, all statements. */
  get log() {
    return this.#log;
  }

  /** Ends the mock. */
  async stop() {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const ended = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGTERM");
      const patience = setTimeout(() => this.#process.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(patience);
    }
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.stop();
  }
}

/** Starts a mock on free ports, and resolves when clients can connect. */
async function startMock({ filename, options = [], timeout = 60_000 } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mynah-"));
  const args = ["--bind-address", HOST, "--port", "0", "--xport", "0", "--http-port", "0"];
  args.push("--socket", path.join(folder, "mysql.sock"));
  if (filename !== undefined) args.push("--filename", filename);
  const child = spawn(findBin(), [...args, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  const mock = new Mock(child, folder);
  try {
    const ports = await listening(child, timeout);
    mock.port = ports.classic;
    mock.xport = ports.x;
    mock.http = `http://${HOST}:${ports.http}`;
  } catch (error) {
    await mock.stop();
    error.message += mock.log ? `; it logged:\n${mock.log}` : "";
    throw error;
  }
  // A test that forgets to stop the mock ends all the same, and the mock with it.
  child.unref();
  child.stdout.unref();
  child.stderr.unref();
  process.once("exit", () => child.kill());
  return mock;
}

function listening(child, timeout) {
  return new Promise((resolve, reject) => {
    const ports = {};
    const patience = setTimeout(() => reject(new Error(`mynah-mock isn't ready in ${timeout} ms`)), timeout);
    readline.createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /^(classic|x|http) listening on .*:(\d+)$/.exec(line);
      if (found) ports[found[1]] = Number(found[2]);
      if (KINDS.every((kind) => kind in ports)) {
        clearTimeout(patience);
        resolve(ports);
      }
    });
    child.once("error", (error) => {
      clearTimeout(patience);
      reject(new Error(`mynah-mock can't be started: ${error.message}`));
    });
    // When its output is closed, all that it logged has arrived.
    child.once("close", (code, signal) => {
      clearTimeout(patience);
      reject(new Error(`mynah-mock ended with ${signal ?? code}`));
    });
  });
}

module.exports = { Mock, startMock };
