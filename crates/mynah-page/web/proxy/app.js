// Begins the page: the views, the addresses behind `#`, and the keys.

import { byId, setText } from "../shared/dom.js";
import { grouped } from "../shared/format.js";
import { ConnectionsView } from "./connections_view.js";
import { DigestsView } from "./digests_view.js";
import { Session } from "./session.js";
import { StatementsView } from "./statements_view.js";

const session = new Session(changed, stateChanged);
/** @type {Record<string, any>} */
const views = {
  statements: new StatementsView(session),
  connections: new ConnectionsView(session),
  digests: new DigestsView(session),
};
let current = "";

function changed() {
  views[current]?.draw();
  const lost = byId("lost");
  lost.hidden = session.lost === 0;
  setText(lost, `${grouped(session.lost)} events were lost, as the page was too slow`);
}

/** @param {string} state @param {string} why */
function stateChanged(state, why) {
  const element = byId("state");
  element.className = `state ${state}`;
  setText(element, state === "live" ? "live" : state === "broken" ? `not connected: ${why}` : "connecting");
}

/** Shows the view that the address names: `#/statements`, `#/connections/5`. */
function route() {
  const [, name = "", rest = ""] = /^#\/([a-z]+)\/?(.*)$/.exec(location.hash) ?? [];
  const next = Object.hasOwn(views, name) ? name : "statements";
  if (next !== current) views[current]?.hide?.();
  for (const [other, view] of Object.entries(views)) view.element.hidden = other !== next;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("href") === `#/${next}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  current = next;
  document.title = `${views[next].title} – Mynah`;
  views[next].show(rest);
}

/** Keys for the whole page, where no text is being written. @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input, select, textarea")) return;
  const to = { 1: "#/statements", 2: "#/connections", 3: "#/digests" }[event.key];
  if (to) location.hash = to;
  else if (event.key === "/" && current === "statements") byId("filter").focus();
  else if (event.key === "p" && current === "statements") views.statements.setPaused(!views.statements.isPaused);
  else if (event.key === "?") /** @type {HTMLDialogElement} */ (byId("keys-dialog")).showModal();
  else return;
  event.preventDefault();
}

/** Light, dark, or as the system has it. */
function nextTheme() {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const shown = document.documentElement.dataset.theme ?? (isDark ? "dark" : "light");
  const theme = shown === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("mynah-theme", theme);
}

const theme = localStorage.getItem("mynah-theme");
if (theme) document.documentElement.dataset.theme = theme;
byId("views").append(...Object.values(views).map((view) => view.element));
byId("theme").addEventListener("click", nextTheme);
byId("keys").addEventListener("click", () => /** @type {HTMLDialogElement} */ (byId("keys-dialog")).showModal());
addEventListener("hashchange", route);
addEventListener("keydown", onKey);
route();
session.start();
