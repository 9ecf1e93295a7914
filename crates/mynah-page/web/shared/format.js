// Values as people read them.

/**
 * A duration given in microseconds.
 * @param {number | undefined} micros
 * @returns {string}
 */
export function duration(micros) {
  if (micros === undefined || micros === null) return "–";
  if (micros < 1000) return `${micros} µs`;
  if (micros < 1_000_000) return `${three(micros / 1000)} ms`;
  if (micros < 60_000_000) return `${three(micros / 1_000_000)} s`;
  const seconds = Math.round(micros / 1_000_000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/**
 * A number of bytes.
 * @param {number} count
 * @returns {string}
 */
export function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : three(value)} ${units[unit]}`;
}

/**
 * The time of day, to the millisecond.
 * @param {string} time in UTC, as the trace has it
 * @returns {string}
 */
export function clock(time) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const millis = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${millis}`;
}

/**
 * Microseconds between two times of the trace, which are exact to the microsecond.
 * @param {string} from
 * @param {string} to
 * @returns {number}
 */
export function microsBetween(from, to) {
  return micros(to) - micros(from);
}

/** @param {string} time @returns {number} */
function micros(time) {
  const [seconds, fraction] = time.replace("Z", "").split(".");
  const digits = (fraction ?? "").padEnd(6, "0").slice(0, 6);
  return Date.parse(`${seconds}Z`) * 1000 + Number(digits);
}

/**
 * A text of the trace: bytes that aren't UTF-8 are an object there.
 * @param {unknown} value
 * @returns {string}
 */
export function text(value) {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (value === null) return "NULL";
  if (typeof value !== "object") return String(value);
  const object = /** @type {Record<string, unknown>} */ (value);
  if (object.hidden) return "(hidden)";
  if (object.long_data) return "(sent before)";
  if (typeof object.hex === "string") {
    return object.character_set ? `0x${object.hex} (${object.character_set})` : `0x${object.hex}`;
  }
  return JSON.stringify(value);
}

/** A number with separators. @param {number} number */
export function grouped(number) {
  return number.toLocaleString("en-US");
}

/** @param {number} value */
function three(value) {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}
