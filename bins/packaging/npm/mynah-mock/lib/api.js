"use strict";

const http = require("node:http");

/** The mock refused a request: `status` is the HTTP status, the message has the reason. */
class MockError extends Error {
  constructor(status, message) {
    super(message);
    this.name = "MockError";
    this.status = status;
  }
}

/** Sends a request to a mock's HTTP interface; resolves with the answer's JSON. */
function request(root, method, path, { body, query, timeout = 30_000 } = {}) {
  const url = new URL(`${root}/api/v1/mock_server${path}`);
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== "") url.searchParams.set(key, value);
  }
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = text === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    // No agent: a connection that is kept would keep the process.
    const sent = http.request(url, { method, headers, agent: false, timeout }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const said = Buffer.concat(chunks).toString();
        if (answer.statusCode >= 400) return reject(new MockError(answer.statusCode, why(said)));
        resolve(said === "" ? undefined : JSON.parse(said));
      });
    });
    sent.on("timeout", () => sent.destroy(new Error(`the mock didn't answer ${method} ${path} in ${timeout} ms`)));
    sent.on("error", reject);
    sent.end(text);
  });
}

function why(said) {
  try {
    const problem = JSON.parse(said);
    return problem.detail ?? problem.title ?? said;
  } catch {
    return said;
  }
}

module.exports = { MockError, request };
