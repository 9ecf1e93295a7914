"use strict";

const fs = require("node:fs");
const path = require("node:path");

const { optionalDependencies } = require("../package.json");

/**
 * The path of the program mynah-mock: that of MYNAH_MOCK_BINARY, or the one of the package for this system.
 * Throws an error that says why there is none.
 */
function findBin({ platform = process.platform, arch = process.arch, env = process.env } = {}) {
  if (env.MYNAH_MOCK_BINARY) {
    if (!fs.existsSync(env.MYNAH_MOCK_BINARY)) {
      throw new Error(`MYNAH_MOCK_BINARY is ${env.MYNAH_MOCK_BINARY}, which doesn't exist; set it to the program mynah-mock`);
    }
    return env.MYNAH_MOCK_BINARY;
  }
  const name = `@mynah-mock/${platform}-${arch}`;
  if (!(name in optionalDependencies)) {
    const all = Object.keys(optionalDependencies).map((known) => known.split("/")[1]);
    throw new Error(
      `mynah-mock has no program for ${platform}-${arch}, but for ${all.join(", ")}; ` +
        "build it (cargo build --release --bin mynah-mock), and set MYNAH_MOCK_BINARY to it",
    );
  }
  try {
    // Resolved from here, so that package managers without node_modules find it, too.
    return require.resolve(`${name}/bin/mynah-mock`);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
  }
  throw new Error(whyMissing(name));
}

function whyMissing(name) {
  const others = installed().filter((other) => other !== name);
  if (others.length > 0) {
    return (
      `the package ${name} isn't installed, but ${others.join(", ")} is: node_modules was made on another system; ` +
      "remove it and install again here (npm ci)"
    );
  }
  return (
    `the package ${name}, which has the program, isn't installed. Either optional dependencies were left out ` +
    "(--omit=optional, --no-optional, or optional=false in .npmrc): install again without that; or the lock file was made " +
    `on another system and lacks it: npm install ${name}@${optionalDependencies[name]} --save-optional, or remove ` +
    "node_modules and the lock file and install again; or set MYNAH_MOCK_BINARY to the program"
  );
}

/** The platform packages that are installed. */
function installed() {
  return Object.keys(optionalDependencies).filter((name) => {
    try {
      require.resolve(path.posix.join(name, "package.json"));
      return true;
    } catch {
      return false;
    }
  });
}

module.exports = { findBin };
