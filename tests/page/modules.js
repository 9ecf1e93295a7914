// Packages from npm, which are installed outside of the checkout.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = process.env.MYNAH_MODULES;
if (!folder) throw new Error("start the tests with tests/page/run");
const require = createRequire(join(folder, "package.json"));

export const { chromium } = require("playwright-core");
export const mysql = require("mysql2/promise");
/** The source of axe-core, which is evaluated in the page. */
export const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
