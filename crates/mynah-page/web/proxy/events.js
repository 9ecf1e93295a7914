// The events of a connection besides its commands, as arrows of its diagram.

import { bytes, duration, text } from "../shared/format.js";

/**
 * @typedef {import("./sequence_view.js").Arrow} Arrow
 * @typedef {Arrow["from"]} Place
 */

/**
 * @param {boolean} isOfLogin
 * @param {(event: any) => Place} from
 * @param {(event: any) => Place} to
 * @param {(event: any) => string} label
 * @param {boolean} [isFailure]
 */
function kind(isOfLogin, from, to, label, isFailure = false) {
  /** @type {(event: any) => Arrow} */
  const arrow = (event) => ({
    time: event.time,
    from: from(event),
    to: to(event),
    label: label(event),
    failed: isFailure,
  });
  return { isOfLogin, isFailure, arrow };
}

/** @param {Place} place */
const at = (place) => () => place;
/** @param {any} event */
const error = (event) => `error ${event.error}: ${text(event.message)}`;

/** @type {Record<string, ReturnType<typeof kind>>} */
export const EVENTS = {
  connect: kind(true, at("client"), at("proxy"), (event) => `connects from ${event.client}`),
  passed_over: kind(true, at("proxy"), at("proxy"), (event) => `passes over ${event.server}: ${event.message}`, true),
  greeting: kind(true, at("server"), at("client"), (event) => `greeting: server ${text(event.server_version)}`),
  tls_requested: kind(true, at("client"), at("server"), () => "asks for TLS"),
  tls: kind(
    true,
    (event) => event.side,
    at("proxy"),
    (event) => `${event.version} ${event.cipher}`,
  ),
  login: kind(
    true,
    at("client"),
    at("server"),
    (event) => `login as ${text(event.user)} ${text(event.schema)} (${text(event.method)})`,
  ),
  logged_in: kind(true, at("server"), at("client"), () => "logged in"),
  compressed: kind(true, at("client"), at("server"), (event) => `compresses: ${text(event.message)}`),
  refused: kind(true, at("server"), at("client"), error, true),
  proxy_error: kind(true, at("proxy"), at("client"), error, true),
  lost: kind(false, at("proxy"), at("proxy"), (event) => `can't follow: ${text(event.message)}`, true),
  fault: kind(false, at("proxy"), at("client"), (event) => `fault ${event.fault} by rule ${event.rule}`, true),
  unasked_error: kind(false, at("server"), at("client"), error, true),
  ended: kind(
    false,
    (event) => event.side,
    at("proxy"),
    (event) => `${event.how} ${text(event.message)}`,
    true,
  ),
  close: kind(false, at("proxy"), at("proxy"), closed),
};

/** @param {any} event */
function closed(event) {
  const counts = `${event.commands} commands, ${bytes(event.sent + event.received)} in ${duration(event.duration_us)}`;
  return event.why ? `closed: ${event.why} · ${counts}` : `closed · ${counts}`;
}
