// Which statements take the most time: the proxy's counts by digest, and what the page has seen itself.

import { getJson } from "../shared/api.js";
import { h, oncePerFrame } from "../shared/dom.js";
import { duration, grouped, text } from "../shared/format.js";
import { appendSql } from "../shared/sql.js";
import { VirtualTable } from "../shared/table.js";
import { filterLink } from "./detail_view.js";
import { RANGES } from "./latencies.js";

/** How often the counts are asked for, in milliseconds, and how many digests. */
const REFRESH = 2000;
const MOST_DIGESTS = 500;
const ORDERS = {
  total: "Total time",
  count: "Count",
  errors: "Errors",
  p95: "p95",
  p99: "p99",
  longest: "Longest",
  rows: "Rows",
  last_seen: "Last seen",
};

/** The counts of statements. */
export class DigestsView {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
    this.title = "Digests";
    /** @type {any[]} */
    this.list = [];
    const options = Object.entries(ORDERS).map(([name, words]) => h("option", { value: name }, words));
    this.order = /** @type {HTMLSelectElement} */ (h("select", { onchange: () => this.refresh() }, ...options));
    this.problem = h("p", { class: "problem", role: "status" });
    this.table = new VirtualTable(
      "Digests",
      COLUMNS,
      (row) => this.list[row],
      (row) => {
        location.hash = filterLink(`digest = ${this.list[row].digest}`);
      },
    );
    this.table.isFollowing = false;
    this.bars = h("div", { class: "histogram", role: "img" });
    this.errors = h("div", { class: "errors" });
    const toolbar = h(
      "div",
      { class: "toolbar", role: "group", "aria-label": "Digests" },
      h("label", { class: "switch" }, "Order by ", this.order),
      this.problem,
    );
    this.empty = h("div", { class: "empty" }, h("p", {}, "No statements were counted yet."));
    const seen = h(
      "div",
      { class: "seen" },
      h("section", { "aria-label": "Latency" }, h("h2", {}, "Latency since the page was opened"), this.bars),
      h("section", { "aria-label": "Errors" }, h("h2", {}, "Errors since the page was opened"), this.errors),
    );
    this.element = h(
      "section",
      { class: "view", "aria-label": "Digests" },
      toolbar,
      h("div", { class: "list" }, this.table.element, this.empty),
      seen,
    );
    this.draw = oncePerFrame(() => this.drawSeen());
  }

  /** @param {string} _rest */
  show(_rest) {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.refresh(), REFRESH);
    this.refresh();
    this.draw();
  }

  hide() {
    clearInterval(this.timer);
  }

  async refresh() {
    try {
      const page = await getJson(`/digests/?limit=${MOST_DIGESTS}&sort=${this.order.value}`);
      this.list = page.digests;
      this.problem.textContent = page.known > this.list.length ? `the first ${this.list.length} of ${page.known}` : "";
      this.table.setCount(this.list.length);
      this.table.forget();
      this.empty.hidden = this.list.length > 0;
    } catch (error) {
      this.problem.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  drawSeen() {
    const { counts, errors } = this.session.latencies;
    const most = Math.max(1, ...counts);
    const words = counts.map((count, at) => `${range(at)}: ${count}`);
    this.bars.setAttribute("aria-label", `Statements by latency. ${words.join(", ")}`);
    this.bars.replaceChildren(
      ...counts.map((count, at) => {
        const bar = h("span", { class: "column" });
        bar.style.height = `${Math.max(count > 0 ? 2 : 0, (count / most) * 100)}%`;
        return h(
          "div",
          { class: "place", title: words[at] },
          h("span", { class: "value" }, count > 0 ? grouped(count) : ""),
          h("span", { class: "stand" }, bar),
          h("span", { class: "range" }, range(at).replace("≤ ", "")),
        );
      }),
    );
    const sorted = [...errors].sort(([, one], [, other]) => other.count - one.count).slice(0, 20);
    const items = sorted.map(([code, { count, message }]) =>
      h(
        "li",
        {},
        h("a", { href: filterLink(`error = ${code}`) }, `${code}`),
        ` ${grouped(count)} × `,
        h("span", { class: "message" }, text(message)),
      ),
    );
    this.errors.replaceChildren(items.length > 0 ? h("ul", {}, ...items) : h("p", { class: "note" }, "None."));
  }
}

/** @param {number} at */
function range(at) {
  const most = RANGES[at];
  if (most === Infinity) return `> ${plain(RANGES[at - 1])}`;
  return `≤ ${plain(most)}`;
}

/** @param {number} micros */
function plain(micros) {
  if (micros < 1000) return `${micros} µs`;
  return micros < 1_000_000 ? `${micros / 1000} ms` : `${micros / 1_000_000} s`;
}

/** @param {string} title @param {string} className @param {(one: any) => string} value @returns {import("../shared/table.js").Column} */
function plainColumn(title, className, value) {
  return { title, className, show: (cell, one) => cell.append(value(one)) };
}

const COLUMNS = [
  {
    title: "Statement",
    className: "c-sql",
    show: (/** @type {HTMLElement} */ cell, /** @type {any} */ one) => {
      cell.title = `Slowest: ${text(one.example)}`;
      appendSql(cell, text(one.digest_text), 300);
    },
  },
  plainColumn("Schema", "c-schema", (one) => text(one.schema ?? "")),
  plainColumn("Count", "c-count", (one) => grouped(one.count)),
  plainColumn("Errors", "c-count", (one) => (one.errors ? grouped(one.errors) : "")),
  plainColumn("Total", "c-duration", (one) => duration(one.total_us)),
  plainColumn("p50", "c-duration c-middle", (one) => duration(one.p50_us)),
  plainColumn("p95", "c-duration", (one) => duration(one.p95_us)),
  plainColumn("p99", "c-duration c-middle", (one) => duration(one.p99_us)),
  plainColumn("Longest", "c-duration", (one) => duration(one.longest_us)),
];
