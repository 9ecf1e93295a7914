// A table of any length, of which the document only has the rows that can be seen.

import { h, oncePerFrame } from "./dom.js";

/** The height of a row, as `.row` has it in the style sheet. */
const ROW_HEIGHT = 28;
/** How many rows are kept above and below those that can be seen. */
const MARGIN = 6;
/** How many rows the document has at most. */
const MOST_ROWS = 200;

/**
 * @typedef {{title: string, className: string, show: (cell: HTMLElement, item: any) => void}} Column
 */

/** A table whose rows are made while it scrolls; with the keyboard, one row at a time is active. */
export class VirtualTable {
  /**
   * @param {string} label for screen readers
   * @param {Column[]} columns
   * @param {(index: number) => any} item the item of a row; two are the same if they are the same object
   * @param {(index: number) => void} open what a click or Enter on a row does
   */
  constructor(label, columns, item, open) {
    this.columns = columns;
    this.item = item;
    this.open = open;
    this.count = 0;
    this.active = -1;
    /** Whether the last row stays in sight while others come. */
    this.isFollowing = true;
    /** @type {Map<number, {row: HTMLElement, shown: any}>} */
    this.rows = new Map();
    this.id = `table-${Math.random().toString(36).slice(2)}`;
    const titles = columns.map((column) =>
      h("div", { role: "columnheader", class: `cell ${column.className}` }, column.title),
    );
    this.space = h("div", { class: "space", role: "rowgroup" });
    const head = h(
      "div",
      { role: "rowgroup", class: "heads" },
      h("div", { class: "row head", role: "row" }, ...titles),
    );
    this.element = h("div", { class: "table", role: "grid", tabindex: "0", "aria-label": label }, head, this.space);
    this.draw = oncePerFrame(() => this.drawNow());
    this.element.addEventListener("scroll", () => {
      this.isFollowing = this.isAtEnd();
      this.draw();
    });
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.space.addEventListener("click", (event) => this.onClick(event));
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** Says how many rows there are. @param {number} count */
  setCount(count) {
    this.count = count;
    if (this.active >= count) this.active = count - 1;
    this.draw();
  }

  /** Rows at the beginning were dropped. @param {number} dropped */
  shift(dropped) {
    if (this.active >= 0) this.active = Math.max(-1, this.active - dropped);
    if (!this.isFollowing) this.element.scrollTop = Math.max(0, this.element.scrollTop - dropped * ROW_HEIGHT);
  }

  toEnd() {
    this.isFollowing = true;
    this.draw();
  }

  isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollTop + clientHeight >= scrollHeight - ROW_HEIGHT;
  }

  drawNow() {
    const height = `${this.count * ROW_HEIGHT}px`;
    if (this.space.style.height !== height) {
      this.space.style.height = height;
      this.element.setAttribute("aria-rowcount", String(this.count + 1));
    }
    if (this.isFollowing) this.element.scrollTop = this.count * ROW_HEIGHT;
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW_HEIGHT) - MARGIN);
    const seen = Math.ceil(this.element.clientHeight / ROW_HEIGHT) + 2 * MARGIN;
    const end = Math.min(this.count, first + Math.min(seen, MOST_ROWS));
    const free = [];
    for (const [index, entry] of this.rows) {
      if (index < first || index >= end) {
        this.rows.delete(index);
        free.push(entry);
      }
    }
    for (let index = first; index < end; index += 1) {
      let entry = this.rows.get(index);
      if (!entry) {
        entry = free.pop() ?? this.newRow();
        this.rows.set(index, entry);
        entry.row.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
        entry.row.setAttribute("aria-rowindex", String(index + 2));
        entry.row.dataset.index = String(index);
        entry.row.id = `${this.id}-${index}`;
      }
      this.show(entry, index);
    }
    for (const entry of free) entry.row.remove();
    if (this.rows.has(this.active)) this.element.setAttribute("aria-activedescendant", `${this.id}-${this.active}`);
    else this.element.removeAttribute("aria-activedescendant");
  }

  newRow() {
    const cells = this.columns.map((column) => h("div", { role: "gridcell", class: `cell ${column.className}` }));
    const row = h("div", { class: "row", role: "row" }, ...cells);
    this.space.append(row);
    return { row, shown: null };
  }

  /** @param {{row: HTMLElement, shown: any}} entry @param {number} index */
  show(entry, index) {
    const item = this.item(index);
    const isActive = index === this.active;
    if (entry.row.classList.contains("active") !== isActive) entry.row.classList.toggle("active", isActive);
    if (entry.shown === item) return;
    entry.shown = item;
    entry.row.classList.toggle("failed", Boolean(item?.error));
    this.columns.forEach((column, at) => {
      const cell = /** @type {HTMLElement} */ (entry.row.children[at]);
      cell.replaceChildren();
      if (item) column.show(cell, item);
    });
  }

  /** Has all rows be made anew. */
  forget() {
    for (const entry of this.rows.values()) entry.shown = null;
    this.draw();
  }

  /** @param {number} index */
  activate(index) {
    if (this.count === 0) return;
    this.active = Math.min(Math.max(index, 0), this.count - 1);
    const top = this.active * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.element;
    this.isFollowing = this.active === this.count - 1;
    // The heads of the columns cover one row of what can be seen.
    const seen = clientHeight - ROW_HEIGHT;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + seen) this.element.scrollTop = top + ROW_HEIGHT - seen;
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 2);
    const from = this.active < 0 ? this.count : this.active;
    const to = {
      ArrowDown: this.active < 0 ? 0 : from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: this.count - 1,
    }[event.key];
    if (to !== undefined) this.activate(to);
    else if (event.key === "Enter" && this.active >= 0) this.open(this.active);
    else return;
    event.preventDefault();
  }

  /** @param {Event} event */
  onClick(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const row = /** @type {HTMLElement | null} */ (target.closest(".row"));
    if (!row || target.closest("button, a")) return;
    this.active = Number(row.dataset.index);
    this.isFollowing = false;
    this.draw();
    this.open(this.active);
  }
}
