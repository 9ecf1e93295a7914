// The packets, columns and rows of commands, where they were asked for.

/** How many characters of lines are held of all connections. */
const MOST_CHARACTERS = 24 * 1024 * 1024;
/** How many events of one command are held. */
const MOST_OF_COMMAND = 400;

/**
 * @typedef {{packets: any[], columns: any[], rows: any[], leftOut: number, characters: number}} Capture
 */

/** What was seen of commands, the oldest of which are dropped. Packets of a login have the number 0. */
export class Captures {
  constructor() {
    /** @type {Map<string, Capture>} */
    this.all = new Map();
    this.characters = 0;
  }

  /** @param {string} line @param {any} event a packet, a column or a row */
  add(line, event) {
    const key = `${event.connection}/${event.number ?? 0}`;
    let capture = this.all.get(key);
    if (!capture) {
      capture = { packets: [], columns: [], rows: [], leftOut: 0, characters: 0 };
      this.all.set(key, capture);
    }
    const list = { packet: capture.packets, column: capture.columns, row: capture.rows }[
      /** @type {"packet"} */ (event.event)
    ];
    if (list.length >= MOST_OF_COMMAND) {
      capture.leftOut += event.event === "packet" ? 1 : 0;
      // The last packet says how the answer ended.
      if (event.event === "packet") list[list.length - 1] = event;
      return;
    }
    list.push(event);
    capture.characters += line.length;
    this.characters += line.length;
    for (const [oldest, one] of this.all) {
      if (this.characters <= MOST_CHARACTERS || oldest === key) break;
      this.characters -= one.characters;
      this.all.delete(oldest);
    }
  }

  /** @param {number} connection @param {number} number @returns {Capture | undefined} */
  get(connection, number) {
    return this.all.get(`${connection}/${number}`);
  }

  clear() {
    this.all.clear();
    this.characters = 0;
  }
}
