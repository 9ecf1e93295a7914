// Runs the tests whose names contain one of the arguments. Without arguments, all but what measures: that needs a quiet
// machine.

import { access } from "./access.test.js";
import { filters } from "./filters.test.js";
import { many } from "./many.test.js";
import { views } from "./views.test.js";

const wanted = process.argv.slice(2);
const tests = Object.entries({ ...views, ...filters, ...access });
const measures = Object.entries(many);
const isWanted = ([name]) => wanted.some((part) => name.includes(part));
const chosen = wanted.length === 0 ? tests : [...tests, ...measures].filter(isWanted);
let failed = 0;
for (const [name, test] of chosen) {
  const start = Date.now();
  try {
    const note = await test();
    console.log(`ok      ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)${note ? `: ${note}` : ""}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
console.log(`${chosen.length - failed} of ${chosen.length} passed`);
process.exit(failed === 0 && chosen.length > 0 ? 0 : 1);
