// What the page receives, and what it holds of that.

import { request } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { EventStream } from "../shared/stream.js";
import { Captures } from "./captures.js";
import { ConnectionStore } from "./connections_store.js";
import { Latencies } from "./latencies.js";
import { StatementStore } from "./statements_store.js";

/** The streams of events and the stores that they fill. */
export class Session {
  /** @param {() => void} onChange called when something new is there @param {(state: string, why: string) => void} onState */
  constructor(onChange, onState) {
    this.onChange = onChange;
    this.onState = onState;
    this.statements = new StatementStore();
    this.connections = new ConnectionStore();
    this.captures = new Captures();
    this.latencies = new Latencies();
    /** How many events the proxy has dropped because the page was too slow. */
    this.lost = 0;
    /** The connection whose packets are recorded; 0 for none. */
    this.followed = 0;
    /** @type {EventStream | null} */
    this.followStream = null;
    /** @type {EventStream | null} */
    this.stream = null;
    this.packets = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", onchange: () => this.start() }));
    this.packetsSwitch = h(
      "label",
      { class: "switch", title: "Records columns, rows and packets of all connections, for details and diagrams" },
      this.packets,
      "Record packets",
    );
  }

  /** Begins to receive. */
  start() {
    this.stream?.stop();
    const level = this.packets.checked ? 4 : 1;
    if (this.packets.checked) this.follow(0);
    this.stream = new EventStream(`/events/?level=${level}`, (line) => this.take(line), this.onState);
  }

  /** Records the packets of this connection alone; with 0, of none. @param {number} id */
  follow(id) {
    this.followStream?.stop();
    this.followStream = null;
    this.followed = id;
    if (id !== 0) {
      const path = `/events/?level=4&connection=${id}`;
      this.followStream = new EventStream(
        path,
        (line) => this.takeFollowed(line),
        () => {},
      );
    }
    this.onChange();
  }

  /** Whether the packets of a connection are recorded. @param {number} id */
  recordsPackets(id) {
    return this.packets.checked || this.followed === id;
  }

  /** @param {string} line */
  take(line) {
    const event = JSON.parse(line);
    switch (event.event) {
      case "command":
        this.latencies.add(event);
        this.connections.add(event, this.statements.add(line, event));
        break;
      case "packet":
      case "column":
      case "row":
        this.captures.add(line, event);
        break;
      case "connections":
        this.connections.setOpen(event.connections);
        break;
      case "trace_lost":
        this.lost += event.lines;
        break;
      default:
        this.connections.add(event, undefined);
    }
    this.onChange();
  }

  /** @param {string} line */
  takeFollowed(line) {
    const event = JSON.parse(line);
    if (["packet", "column", "row"].includes(event.event)) this.captures.add(line, event);
    if (event.event === "trace_lost") this.lost += event.lines;
    if (event.event === "close") this.follow(0);
    this.onChange();
  }

  clear() {
    this.statements.clear();
    this.captures.clear();
    this.latencies.clear();
    this.lost = 0;
    this.onChange();
  }

  /** Has the proxy close a connection. @param {number} id */
  async closeConnection(id) {
    const response = await request(`/connections/${id}`, { method: "DELETE" });
    if (!response.ok && response.status !== 404) throw new Error((await response.text()).trim());
  }
}
