// The box for a condition: shows mistakes in their place, and what may come next.

import { h } from "../shared/dom.js";
import { FilterError, parseFilter } from "../shared/filter.js";
import { FIELDS } from "./fields.js";

/** How many suggestions are shown. */
const MOST_OPTIONS = 12;

/** A text field with suggestions, as the pattern of a combobox has it. */
export class FilterBox {
  /** @param {(condition: ((event: any) => boolean) | null) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {string[]} */
    this.options = [];
    this.chosen = -1;
    this.input = /** @type {HTMLInputElement} */ (
      h("input", {
        id: "filter",
        type: "text",
        role: "combobox",
        autocomplete: "off",
        spellcheck: "false",
        placeholder: "latency > 10ms and table = orders",
        "aria-expanded": "false",
        "aria-autocomplete": "list",
        "aria-controls": "filter-options",
        "aria-describedby": "filter-problem",
      })
    );
    this.list = h("ul", { id: "filter-options", role: "listbox", class: "options", "aria-label": "Suggestions" });
    this.list.hidden = true;
    this.problem = h("p", { id: "filter-problem", class: "problem", role: "status" });
    this.element = h(
      "div",
      { class: "filter" },
      h("label", { for: "filter" }, "Filter"),
      h("div", { class: "filter-input" }, this.input, this.list),
      this.problem,
    );
    this.input.addEventListener("input", () => this.changed());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("mousedown", (event) => {
      const option = /** @type {HTMLElement} */ (event.target).closest("li");
      event.preventDefault();
      if (option) this.take(option.textContent ?? "");
    });
  }

  get value() {
    return this.input.value;
  }

  /** Sets the text from elsewhere. @param {string} text */
  set(text) {
    this.input.value = text;
    this.changed();
    this.close();
  }

  changed() {
    const source = this.input.value;
    try {
      this.onChange(source.trim() === "" ? null : parseFilter(source, FIELDS));
      this.showProblem(null);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      // What is still being written isn't a mistake yet: the condition before holds.
      this.showProblem(error);
    }
    if (document.activeElement !== this.input) return;
    if (source === "") this.close();
    else this.suggest();
  }

  /** @param {FilterError | null} error */
  showProblem(error) {
    this.input.setAttribute("aria-invalid", String(error !== null));
    this.problem.replaceChildren();
    if (!error) return;
    const chars = Array.from(this.input.value);
    const before = chars.slice(Math.max(0, error.at - 30), error.at).join("");
    const rest = chars.slice(error.at, error.at + 30).join("");
    const expected = error.options.length > 8 ? "a field, not, or (" : error.expected;
    this.problem.append(
      h("code", {}, before, h("mark", {}, rest || " ")),
      ` column ${error.at + 1}: ${expected} is expected`,
    );
  }

  /** What may come where the cursor stands. */
  suggest() {
    const upTo = this.input.value.slice(0, this.input.selectionStart ?? undefined);
    const word = /[A-Za-z_]*$/.exec(upTo)?.[0] ?? "";
    let options = /** @type {string[]} */ ([]);
    try {
      // A sign that no field has shows what could stand in the place of the word.
      parseFilter(`${upTo.slice(0, upTo.length - word.length)}\u0000`, FIELDS);
    } catch (error) {
      if (error instanceof FilterError) options = error.options;
    }
    const beginning = word.toLowerCase();
    this.options = options
      .filter((option) => option.startsWith(beginning) && option !== beginning)
      .slice(0, MOST_OPTIONS);
    this.chosen = -1;
    this.showOptions();
  }

  showOptions() {
    const items = this.options.map((option, at) =>
      h("li", { role: "option", id: `filter-option-${at}`, "aria-selected": String(at === this.chosen) }, option),
    );
    this.list.replaceChildren(...items);
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    if (this.chosen >= 0) this.input.setAttribute("aria-activedescendant", `filter-option-${this.chosen}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.options = [];
    this.chosen = -1;
    this.showOptions();
  }

  /** @param {string} option */
  take(option) {
    const end = this.input.selectionStart ?? this.input.value.length;
    const upTo = this.input.value.slice(0, end).replace(/[A-Za-z_]*$/, "");
    const needsBlank = upTo !== "" && !/[\s(]$/.test(upTo);
    const start = `${upTo}${needsBlank ? " " : ""}${option}`;
    const blank = option === "(" ? "" : " ";
    this.input.value = start + blank + this.input.value.slice(end);
    this.input.setSelectionRange(start.length + blank.length, start.length + blank.length);
    this.changed();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "ArrowDown" && this.options.length === 0) this.suggest();
    const count = this.options.length;
    if (event.key === "ArrowDown" && count > 0) this.chosen = (this.chosen + 1) % count;
    else if (event.key === "ArrowUp" && count > 0)
      this.chosen = (this.chosen + count - (this.chosen < 0 ? 0 : 1)) % count;
    else if ((event.key === "Enter" || event.key === "Tab") && this.chosen >= 0) this.take(this.options[this.chosen]);
    else if (event.key === "Escape" && count > 0) this.close();
    else return;
    if (!["Enter", "Tab", "Escape"].includes(event.key)) this.showOptions();
    event.preventDefault();
  }
}
