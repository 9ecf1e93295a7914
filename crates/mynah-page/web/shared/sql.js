// Colours of SQL: a statement cut into keywords, literals, comments and the rest.

const KEYWORDS = new Set(
  (
    "add all alter analyze and as asc begin between by call case column commit create cross database default delete " +
    "desc describe distinct do drop else end escape execute exists explain false for force foreign from full grant " +
    "group having if ignore in index inner insert interval into is join key kill left like limit load lock natural " +
    "not null offset on or order outer over partition prepare primary procedure recursive references release rename " +
    "replace revoke right rollback savepoint schema select set show start straight_join table temporary then to " +
    "transaction trigger true truncate union unique unlock update use using values view when where with xor"
  ).split(" "),
);

const PART =
  /(--[\s][^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^'\\]|\\[\s\S]|'')*'?|"(?:[^"\\]|\\[\s\S]|"")*"?)|(`(?:[^`]|``)*`?)|(\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b|\b0x[0-9a-f]+\b|\?)|([A-Za-z_][\w$]*)/gi;

/**
 * Appends a statement to an element, with a span for each part that has a colour.
 * @param {HTMLElement} element
 * @param {string} sql
 * @param {number} most how many characters are shown
 */
export function appendSql(element, sql, most) {
  const shown = sql.length > most ? sql.slice(0, most) : sql;
  let end = 0;
  for (const match of shown.matchAll(PART)) {
    const name = kind(match);
    if (!name) continue;
    if (match.index > end) element.append(shown.slice(end, match.index));
    const span = document.createElement("span");
    span.className = name;
    span.textContent = match[0];
    element.append(span);
    end = match.index + match[0].length;
  }
  element.append(shown.slice(end));
  if (shown.length < sql.length) element.append("…");
}

/** @param {RegExpMatchArray} match */
function kind(match) {
  if (match[1] !== undefined) return "sql-comment";
  if (match[2] !== undefined) return "sql-text";
  if (match[3] !== undefined) return "";
  if (match[4] !== undefined) return "sql-number";
  return KEYWORDS.has(match[5].toLowerCase()) ? "sql-keyword" : "";
}
