// Requests to the program, with its token if it wants one.

import { byId } from "./dom.js";

const KEY = "mynah-token";

/** @returns {Record<string, string>} */
function headers() {
  const token = sessionStorage.getItem(KEY);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** @type {Promise<void> | null} */
let asking = null;

/** Asks for the token, once however many requests want it. */
function askForToken() {
  asking ??= new Promise((resolve) => {
    const dialog = /** @type {HTMLDialogElement} */ (byId("token-dialog"));
    const input = /** @type {HTMLInputElement} */ (byId("token"));
    byId("token-problem").hidden = sessionStorage.getItem(KEY) === null;
    dialog.showModal();
    dialog.addEventListener(
      "close",
      () => {
        sessionStorage.setItem(KEY, input.value.trim());
        input.value = "";
        asking = null;
        resolve();
      },
      { once: true },
    );
  });
  return asking;
}

/**
 * Sends a request, and asks for the token if the program wants one.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function request(path, options = {}) {
  for (;;) {
    const response = await fetch(path, { ...options, headers: headers(), cache: "no-store" });
    if (response.status !== 401) return response;
    await askForToken();
  }
}

/**
 * The answer to a GET as JSON; an error has the program's own words.
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function getJson(path) {
  const response = await request(path);
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
}
