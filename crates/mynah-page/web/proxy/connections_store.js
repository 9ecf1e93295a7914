// What is known of the connections: from the list that the proxy sends, and from events.

/** How many connections that are closed are held. */
const MOST_CLOSED = 200;
/** How many events of a connection besides its commands are held, and how many numbers of statements. */
const MOST_EVENTS = 60;
const MOST_NUMBERS = 200;

/**
 * @typedef {object} Connection
 * @property {number} id
 * @property {string} client
 * @property {string} user
 * @property {string} schema
 * @property {string} listener
 * @property {string} server
 * @property {string} tls with the client
 * @property {string} state
 * @property {boolean} isOpen
 * @property {string} since
 * @property {number} age how long it lasted in microseconds, once it is closed
 * @property {number} commands
 * @property {number} errors
 * @property {number} sent
 * @property {number} received
 * @property {any[]} events besides its commands
 * @property {number[]} numbers those of its last statements
 */

/** The connections by their ids. */
export class ConnectionStore {
  constructor() {
    /** @type {Map<number, Connection>} */
    this.all = new Map();
  }

  /** @param {number} id @returns {Connection} */
  get(id) {
    let connection = this.all.get(id);
    if (!connection) {
      connection = fresh(id);
      this.all.set(id, connection);
    }
    return connection;
  }

  /** The proxy's list of the open connections. @param {any[]} list */
  setOpen(list) {
    const ids = new Set(list.map((one) => one.id));
    for (const connection of this.all.values()) {
      if (connection.isOpen && !ids.has(connection.id)) close(connection, "closed");
    }
    for (const one of list) {
      const connection = this.get(one.id);
      Object.assign(connection, {
        client: one.client,
        user: one.user ?? connection.user,
        schema: one.schema ?? connection.schema,
        listener: one.listener,
        server: one.server ?? connection.server,
        tls: one.tls ?? connection.tls,
        since: one.since,
        commands: Math.max(connection.commands, one.commands),
        isOpen: true,
        state: one.ended ? one.ended : one.user === null ? "logging in" : "open",
      });
    }
  }

  /** @param {any} event @param {number | undefined} number that of a statement */
  add(event, number) {
    const connection = this.get(event.connection);
    if (event.event === "command") {
      connection.commands += 1;
      connection.errors += event.outcome === "error" ? 1 : 0;
      connection.sent += event.sent;
      connection.received += event.received;
      connection.client ||= event.client;
      if (number !== undefined) keep(connection.numbers, number, MOST_NUMBERS);
      return;
    }
    keep(connection.events, event, MOST_EVENTS);
    follow(connection, event);
    if (event.event === "close") this.forget();
  }

  /** Forgets the oldest of too many closed connections. */
  forget() {
    const closed = [...this.all.values()].filter((connection) => !connection.isOpen);
    for (const connection of closed.slice(0, Math.max(0, closed.length - MOST_CLOSED))) {
      this.all.delete(connection.id);
    }
  }
}

/** @param {number} id @returns {Connection} */
function fresh(id) {
  const texts = { client: "", user: "", schema: "", listener: "", server: "", tls: "", state: "open", since: "" };
  const counts = { age: 0, commands: 0, errors: 0, sent: 0, received: 0 };
  return { id, ...texts, ...counts, isOpen: true, events: [], numbers: [] };
}

/** @param {Connection} connection @param {any} event */
function follow(connection, event) {
  switch (event.event) {
    case "connect":
      Object.assign(connection, {
        client: event.client,
        listener: event.listener,
        server: event.server,
        since: event.time,
        state: "logging in",
      });
      break;
    case "login":
      Object.assign(connection, { user: event.user, schema: event.schema });
      break;
    case "logged_in":
      connection.state = "open";
      break;
    case "tls":
      if (event.side === "client") connection.tls = `${event.version} ${event.cipher}`;
      break;
    case "refused":
    case "proxy_error":
      connection.errors += 1;
      connection.state = `refused: ${event.error}`;
      break;
    case "ended":
      // A server closes a connection that it has refused.
      if (connection.state.startsWith("refused")) break;
      connection.state = `${event.side} has ${event.how === "lost" ? "been lost" : "closed"}`;
      break;
    case "close":
      connection.commands = event.commands;
      connection.sent = event.sent;
      connection.received = event.received;
      connection.age = event.duration_us;
      close(connection, connection.state.startsWith("refused") ? connection.state : "closed");
      break;
    default:
  }
}

/** @param {Connection} connection @param {string} state */
function close(connection, state) {
  connection.isOpen = false;
  connection.state = state;
}

/** @param {any[]} list @param {any} item @param {number} most */
function keep(list, item, most) {
  list.push(item);
  if (list.length > most) list.shift();
}
