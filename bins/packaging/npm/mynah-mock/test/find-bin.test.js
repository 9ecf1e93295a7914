"use strict";

const assert = require("node:assert");
const { test } = require("node:test");

const { findBin } = require("../lib/find-bin.js");

const none = { env: {} };

test("a system without a program is named, with those that there are", () => {
  const find = () => findBin({ ...none, platform: "sunos", arch: "sparc" });
  assert.throws(find, /no program for sunos-sparc, but for linux-arm64, linux-x64, darwin-arm64, darwin-x64/);
});

test("a package that was left out is named, with what to run", () => {
  const find = () => findBin({ ...none, platform: "darwin", arch: "arm64" });
  assert.throws(find, /@mynah-mock\/darwin-arm64/);
  assert.throws(find, /npm/);
});

test("MYNAH_MOCK_BINARY counts more, and has to exist", () => {
  assert.strictEqual(findBin({ env: { MYNAH_MOCK_BINARY: process.execPath } }), process.execPath);
  assert.throws(() => findBin({ env: { MYNAH_MOCK_BINARY: "/no/such" } }), /\/no\/such, which doesn't exist/);
});
