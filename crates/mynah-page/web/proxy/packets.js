// Packets: their fields as a tree, beside their bytes.

import { h } from "../shared/dom.js";
import { text } from "../shared/format.js";

/** How many bytes of a packet are shown. */
const MOST_BYTES = 1024;

/**
 * A packet that can be unfolded.
 * @param {any} packet
 * @returns {HTMLElement}
 */
export function packetElement(packet) {
  const name = `${packet.message}, ${packet.length} ${packet.length === 1 ? "byte" : "bytes"}`;
  const arrow = packet.from === "client" ? "client → server" : "server → client";
  const summary = h("summary", {}, h("span", { class: `from ${packet.from}` }, arrow), ` ${name}`);
  const element = h("details", { class: "packet" }, summary);
  element.addEventListener("toggle", () => fill(element, packet), { once: true });
  return element;
}

/** @param {HTMLElement} element @param {any} packet */
function fill(element, packet) {
  const fields = h("div", { class: "fields" });
  const facts = { sequence_id: packet.sequence_id, ...(packet.fields ?? {}) };
  if (packet.left_over) facts.left_over = { hex: packet.left_over };
  if (packet.why) facts.why = packet.why;
  fields.append(tree(facts));
  const body = h("div", { class: "packet-body" }, fields);
  if (packet.hex) body.append(h("pre", { class: "hex", tabindex: "0", "aria-label": "Bytes" }, dump(packet.hex)));
  element.append(body);
}

/** A list of names and values, in which nested ones are lists again. @param {any} value @returns {HTMLElement} */
function tree(value) {
  const list = h("ul", { class: "tree" });
  for (const [key, inner] of Object.entries(value)) {
    const isNested = inner !== null && typeof inner === "object" && !("hex" in inner) && !("hidden" in inner);
    const name = h("span", { class: "key" }, key);
    if (isNested) list.append(h("li", {}, name, tree(inner)));
    else list.append(h("li", {}, name, " ", h("span", { class: "value" }, text(inner))));
  }
  return list;
}

/** Bytes as lines of sixteen, with their characters. @param {string} hex */
function dump(hex) {
  const lines = [];
  const end = Math.min(hex.length, MOST_BYTES * 2);
  for (let at = 0; at < end; at += 32) {
    const pairs = hex.slice(at, Math.min(at + 32, end)).match(/../g) ?? [];
    const characters = pairs.map((pair) => {
      const code = Number.parseInt(pair, 16);
      return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "·";
    });
    const offset = (at / 2).toString(16).padStart(4, "0");
    lines.push(`${offset}  ${pairs.join(" ").padEnd(47)}  ${characters.join("")}`);
  }
  if (end < hex.length) lines.push(`… ${(hex.length - end) / 2} more bytes`);
  return lines.join("\n");
}
