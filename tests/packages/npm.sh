# The npm packages, as npm, pnpm and Yarn install them. The package with the program comes from a registry of the test,
# as it would from the public one.

cp "$packages"/*.tgz .
start registry node "$here/registry.js" "$packages"
registry=http://127.0.0.1:$(port registry)

# project FOLDER: a project with a test.
project() {
    mkdir -p "$1"
    cat >"$1/package.json" <<JSON
{
  "name": "shop",
  "private": true,
  "dependencies": { "mynah-mock": "file:$PWD/mynah-mock-$version.tgz", "mysql2": "^3" }
}
JSON
    echo "@mynah-mock:registry=$registry/" >"$1/.npmrc"
    cat >"$1/shop.test.js" <<'JS'
const assert = require("node:assert");
const { test } = require("node:test");
const mysql = require("mysql2/promise");
const { startMock } = require("mynah-mock");

test("a person is greeted by name", async () => {
  const mock = await startMock();
  const db = await mock.test();
  await db.expect("select name from person where id = ?", [7]).returns([{ name: "ada" }]);
  const client = await mysql.createConnection(db.options());
  assert.strictEqual((await client.execute("select name from person where id = ?", [7]))[0][0].name, "ada");
  await client.end();
  await db.verify();
  await mock.stop();
});
JS
    sed -e 's/await startMock/runningMock/' -e 's/startMock/runningMock/' -e '/mock\.stop/d' "$1/shop.test.js" >"$1/shared.js"
}
passes() { says "pass 1" env -C "$1" "${@:2}"; }
tests="node --test shop.test.js"

project npm
quiet=(--no-audit --no-fund --loglevel=error)
check "npm install" env -C npm npm install "${quiet[@]}"
check "node --test after npm install" passes npm $tests
check "npx mynah-mock" says "^mynah-mock $version" env -C npm npx mynah-mock --version
check "node --test at a mock that is running" passes npm npx mynah-mock run -- node --test shared.js
cp "$here/../../bins/packaging/npm/mynah-mock/test/mock.test.js" npm
check "the client's own tests pass" says "fail 0" env -C npm node --test mock.test.js
check "npm ci" env -C npm npm ci "${quiet[@]}"
check "node --test after npm ci" passes npm $tests
rm -rf npm/node_modules
check "npm ci --ignore-scripts" env -C npm npm ci --ignore-scripts "${quiet[@]}"
check "node --test after --ignore-scripts" passes npm $tests
rm -rf npm/node_modules
check "npm ci --omit=optional" env -C npm npm ci --omit=optional "${quiet[@]}"
check "without the program, the error says why and what to run" fails "Either optional dependencies were left out" \
    env -C npm npx mynah-mock --version
check "MYNAH_MOCK_BINARY overrides" says "^mynah-mock $version" env -C npm MYNAH_MOCK_BINARY="${unpacked}mynah-mock" npx mynah-mock --version
(cd npm && npm ci "${quiet[@]}" && mkdir -p node_modules/@mynah-mock &&
    cd node_modules/@mynah-mock && mv ./* darwin-arm64) >/dev/null 2>&1
check "node_modules of another system are named" fails "made on another system" env -C npm npx mynah-mock --version

mkdir managers
if npm install --prefix managers "${quiet[@]}" pnpm@10 @yarnpkg/cli-dist@4 >/dev/null 2>&1; then
    pnpm=$PWD/managers/node_modules/.bin/pnpm
    yarn=$PWD/managers/node_modules/@yarnpkg/cli-dist/bin/yarn.js
    project pnpm
    check "pnpm install" env -C pnpm "$pnpm" install --silent --store-dir "$PWD/store"
    check "node --test after pnpm install" passes pnpm $tests
    project yarn
    default=$(npm config get registry)
    cat >yarn/.yarnrc.yml <<YAML
nodeLinker: pnp
enableTelemetry: false
enableGlobalCache: false
npmRegistryServer: "$default"
unsafeHttpWhitelist: ["127.0.0.1"]
npmMinimalAgeGate: 0
npmScopes:
  mynah-mock:
    npmRegistryServer: "$registry"
YAML
    touch yarn/yarn.lock
    check "yarn install, Plug'n'Play" env -C yarn node "$yarn" install
    check "node --test after yarn install" passes yarn node "$yarn" $tests
    check "there is no node_modules" test ! -d yarn/node_modules
else
    skip "pnpm and Yarn" "they can't be had from the registry"
fi
