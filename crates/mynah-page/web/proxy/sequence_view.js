// A connection as a diagram: client, proxy and server, with an arrow for each message.

import { h, oncePerFrame } from "../shared/dom.js";
import { bytes, clock, duration, grouped, microsBetween, text } from "../shared/format.js";
import { closeButton } from "./connections_view.js";
import { filterLink } from "./detail_view.js";
import { EVENTS } from "./events.js";

/** How many commands are shown, and how many packets of one. */
const MOST_COMMANDS = 60;
const MOST_PACKETS = 40;
/** A pause from which it is shown as a gap, in microseconds. */
const GAP = 20_000;

/** @typedef {{time: string, from: "client" | "proxy" | "server", to: "client" | "proxy" | "server", label: string, failed?: boolean}} Arrow */

/** The diagram of one connection. */
export class SequenceView {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
    this.id = 0;
    this.isNew = true;
    /** What is drawn, so that it is drawn anew only when there is more. */
    this.drawn = "";
    /** The phases that were folded or unfolded by hand. @type {Map<string, boolean>} */
    this.folded = new Map();
    this.heading = h("h2");
    this.bar = h("div", { class: "toolbar", role: "group", "aria-label": "The connection" });
    this.note = h("p", { class: "note" });
    const lanes = ["Client", "Proxy", "Server"].map((name) => h("div", { class: "lane" }, name));
    this.phases = h("div", { class: "phases" });
    this.element = h(
      "div",
      { class: "diagram", tabindex: "0", role: "region", "aria-label": "Sequence diagram" },
      this.heading,
      this.bar,
      this.note,
      h("div", { class: "lanes", "aria-hidden": "true" }, h("div", { class: "lane-time" }, "Time"), ...lanes),
      this.phases,
    );
    this.element.hidden = true;
    this.draw = oncePerFrame(() => this.drawNow());
  }

  /** Shows this connection; none if the id is 0. @param {number} id */
  show(id) {
    if (id !== this.id) {
      this.drawn = "";
      this.isNew = true;
      this.folded.clear();
    }
    this.id = id;
    this.element.hidden = id === 0;
    this.draw();
  }

  drawNow() {
    if (this.id === 0) return;
    const connection = this.session.connections.all.get(this.id);
    const records = this.session.recordsPackets(this.id);
    const last = connection?.numbers.at(-1);
    const state = `${connection?.state} ${connection?.events.length} ${connection?.events.at(-1)?.time} ${last} ${records}`;
    if (state === this.drawn) return;
    this.drawn = state;
    this.heading.textContent = `Connection ${this.id}`;
    if (!connection) {
      this.note.textContent = "This connection isn't known. It may have been closed before the page was opened.";
      this.bar.replaceChildren(h("a", { href: "#/connections" }, "← All connections"));
      this.phases.replaceChildren();
      return;
    }
    const facts = [
      connection.user && `user ${connection.user}`,
      connection.client,
      `→ ${connection.server}`,
      connection.tls,
      connection.state,
    ];
    this.heading.append(h("small", {}, facts.filter(Boolean).join(" · ")));
    this.drawBar(connection, records);
    const hidden = connection.commands - connection.numbers.slice(-MOST_COMMANDS).length;
    const before = hidden > 0 ? `${grouped(hidden)} earlier commands aren't shown. ` : "";
    this.note.textContent = `${before}${records ? "" : "Each command is one arrow there and back; record packets to see each message."}`;
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const isAtEnd = this.isNew || scrollTop + clientHeight >= scrollHeight - 40;
    this.isNew = false;
    this.phases.replaceChildren(...this.allPhases(connection));
    if (isAtEnd) this.element.scrollTop = this.element.scrollHeight;
  }

  /** @param {import("./connections_store.js").Connection} connection @param {boolean} records */
  drawBar(connection, records) {
    const { session, id } = this;
    const parts = [
      h("a", { href: "#/connections" }, "← All connections"),
      h("a", { href: filterLink(`connection = ${id}`) }, "Its statements"),
    ];
    if (connection.isOpen && !session.packets.checked) {
      const words = records ? "Stop recording its packets" : "Record its packets";
      parts.push(
        h(
          "button",
          { type: "button", "aria-pressed": String(records), onclick: () => session.follow(records ? 0 : id) },
          words,
        ),
      );
    }
    if (connection.isOpen) parts.push(closeButton(session, id));
    this.bar.replaceChildren(...parts);
  }

  /** @param {import("./connections_store.js").Connection} connection @returns {HTMLElement[]} */
  allPhases(connection) {
    const { statements, captures } = this.session;
    const before = connection.events.filter((event) => EVENTS[event.event]?.isOfLogin);
    const after = connection.events.filter((event) => EVENTS[event.event] && !EVENTS[event.event].isOfLogin);
    const phases = [];
    const login = captures.get(connection.id, 0);
    if (before.length > 0 || login) {
      const failed = before.some((event) => EVENTS[event.event].isFailure);
      const arrows = before.map((event) => EVENTS[event.event].arrow(event));
      arrows.push(...(login?.packets ?? []).slice(0, MOST_PACKETS).map(packetArrow));
      arrows.sort((one, other) => (one.time < other.time ? -1 : 1));
      phases.push(this.phase("login", "Greeting and login", arrows, failed));
    }
    let previous = "";
    for (const number of connection.numbers.slice(-MOST_COMMANDS)) {
      const event = statements.get(number);
      if (!event) continue;
      const capture = captures.get(connection.id, event.number);
      const arrows = capture ? capture.packets.slice(0, MOST_PACKETS).map(packetArrow) : commandArrows(event);
      const start = arrows[0]?.time ?? event.time;
      if (previous) {
        const idle = microsBetween(previous, start);
        if (idle > GAP) phases.push(h("div", { class: "gap" }, `idle for ${duration(idle)}`));
      }
      previous = event.time;
      phases.push(
        this.phase(
          `command-${event.number}`,
          title(event),
          arrows,
          event.outcome !== "ok" && event.outcome !== "not answered",
        ),
      );
    }
    if (after.length > 0) {
      const arrows = after.map((event) => EVENTS[event.event].arrow(event));
      phases.push(
        this.phase(
          "end",
          "End of the connection",
          arrows,
          after.some((event) => EVENTS[event.event].isFailure),
        ),
      );
    }
    return phases;
  }

  /** @param {string} key @param {string} words @param {Arrow[]} arrows @param {boolean} failed */
  phase(key, words, arrows, failed) {
    const summary = h("summary", {}, words);
    const isOpen = this.folded.get(key) ?? (key !== "login" || failed);
    const element = h("details", { class: failed ? "phase failed" : "phase", open: isOpen }, summary);
    const fill = () => {
      if (element.childElementCount === 1) element.append(lines(arrows));
    };
    if (isOpen) fill();
    element.addEventListener("toggle", () => {
      const isOpenNow = /** @type {HTMLDetailsElement} */ (element).open;
      if (isOpenNow) fill();
      this.folded.set(key, isOpenNow);
    });
    return element;
  }
}

/** @param {Arrow[]} arrows */
function lines(arrows) {
  const list = h("ol", { class: "arrows" });
  let previous = "";
  for (const arrow of arrows) {
    const waited = previous ? microsBetween(previous, arrow.time) : 0;
    if (waited > GAP) list.append(h("li", { class: "gap" }, `waits ${duration(waited)}`));
    previous = arrow.time;
    const places = ["client", "proxy", "server"];
    const [from, to] = [places.indexOf(arrow.from), places.indexOf(arrow.to)];
    const className = `arrow from-${Math.min(from, to)} to-${Math.max(from, to)} ${from <= to ? "right" : "left"}`;
    const spoken = from === to ? `${arrow.from}: ` : `${arrow.from} to ${arrow.to}: `;
    list.append(
      h(
        "li",
        { class: arrow.failed ? "message failed" : "message" },
        h("span", { class: "at" }, clock(arrow.time)),
        h(
          "span",
          { class: className },
          h("span", { class: "hidden" }, spoken),
          h("span", { class: "label", title: arrow.label }, arrow.label),
        ),
      ),
    );
  }
  return list;
}

/** @param {any} packet @returns {Arrow} */
function packetArrow(packet) {
  const [from, to] =
    packet.from === "client"
      ? /** @type {const} */ (["client", "server"])
      : /** @type {const} */ (["server", "client"]);
  const failed = packet.message === "ERR_Packet" || packet.message === "Mysqlx.Error";
  return { time: packet.time, from, to, label: `${packet.message} · ${bytes(packet.length)}`, failed };
}

/** A command and its answer, of which no packets are known. @param {any} event @returns {Arrow[]} */
function commandArrows(event) {
  const sent = new Date(Date.parse(event.time) - (event.latency_us ?? 0) / 1000).toISOString();
  /** @type {Arrow[]} */
  const arrows = [
    { time: sent, from: "client", to: "server", label: `${event.command} ${text(event.sql).slice(0, 200)}` },
  ];
  if (event.outcome === "not answered") return arrows;
  const failed = event.outcome !== "ok";
  const words = failed ? `${event.outcome} ${event.error ?? ""} ${text(event.message)}` : `OK · ${answerWords(event)}`;
  arrows.push({
    time: event.time,
    from: "server",
    to: "client",
    label: `${words} · ${duration(event.latency_us)}`,
    failed,
  });
  return arrows;
}

/** @param {any} event */
function answerWords(event) {
  if (event.rows > 0) return `${grouped(event.rows)} rows, ${bytes(event.received)}`;
  return event.affected_rows > 0 ? `${grouped(event.affected_rows)} rows changed` : "no rows";
}

/** @param {any} event */
function title(event) {
  const time = event.latency_us === undefined ? "" : ` · ${duration(event.latency_us)}`;
  return `#${event.number} ${event.command} ${text(event.sql).slice(0, 120)}${time}`;
}
