"use strict";

// A registry with the packages of a folder alone, for the packages of a scope: node registry.js FOLDER

const { createHash } = require("node:crypto");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");

const folder = process.argv[2];
const known = new Map();
for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".tgz"))) {
  const archive = path.join(folder, file);
  const described = execFileSync("tar", ["--extract", "--gzip", "--to-stdout", "--file", archive, "package/package.json"]);
  const description = JSON.parse(described);
  known.set(description.name, { archive, file, description });
}

// Packages for other systems are described, too, as they would be in a registry with a whole release; nothing here
// downloads them.
const { archive, file, description } = [...known.values()].find((one) => one.description.os);
for (const name of Object.keys(known.get("mynah-mock").description.optionalDependencies)) {
  const [os, cpu] = name.split("/")[1].split("-");
  if (!known.has(name)) known.set(name, { archive, file, description: { ...description, name, os: [os], cpu: [cpu] } });
}

const server = http.createServer((request, response) => {
  const asked = decodeURIComponent(request.url).slice(1);
  const found = known.get(asked);
  const file = [...known.values()].find((one) => asked === `files/${one.file}`);
  if (file) {
    return response.end(fs.readFileSync(file.archive));
  }
  if (!found) {
    response.statusCode = 404;
    return response.end("{}");
  }
  const { archive, description } = found;
  const integrity = `sha512-${createHash("sha512").update(fs.readFileSync(archive)).digest("base64")}`;
  const tarball = `http://${request.headers.host}/files/${found.file}`;
  const version = { ...description, dist: { tarball, integrity } };
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({
      name: description.name,
      "dist-tags": { latest: description.version },
      versions: { [description.version]: version },
      time: { [description.version]: "2020-01-01T00:00:00.000Z" },
    }),
  );
});
server.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
