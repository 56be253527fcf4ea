// The body of a message, and the parameters of an address: as what they are.

const JSON_LINES_AT_ONCE = 40;

/**
 * A body by its media type.
 *
 * @returns {{view: any, values: [string, any][]}} *values* are its parts, in which
 *     there may be tokens
 */
function bodyView(story, message) {
  const { body } = message;
  if (!body) return { view: null, values: [] };
  const type = headerOf(message, "content-type").split(";")[0].trim().toLowerCase();
  if (type === "application/x-www-form-urlencoded") {
    const values = [...new URLSearchParams(body)];
    return { view: parametersTable(story, "Form parameters", values), values };
  }
  const value = valueOfJson(body);
  if (value !== undefined && type !== "text/html") {
    return { view: jsonView(story, value), values: isObject(value) ? Object.entries(value) : [] };
  }
  const kind = type === "text/html" ? "page" : "text";
  const view = fold(`A ${kind} of ${body.length} characters`,
    () => scrollBox(`The ${kind}`, el("pre", {}, body)), { kind: "page-text" });
  return { view, values: [] };
}

function parametersTable(story, caption, values) {
  const rows = values.map(([name, value]) => [el("code", {}, name), valueOf(value), meaningOf(story, name)]);
  return meaningsTable(caption, "parameter", rows, "parameters");
}

/** The parameters in the query of an address, as a table, or nothing. */
function queryView(story, address) {
  const query = /\?([^#]*)/.exec(address || "")?.[1];
  const values = query ? [...new URLSearchParams(query)] : [];
  return values.length ? parametersTable(story, "Parameters of the address", values) : null;
}

/** JSON with a member a line, and beside each what it means. */
function jsonView(story, value) {
  const lines = [...jsonLines(story, value)];
  const drawn = (some) => el("div", { class: "json" }, some);
  if (lines.length <= JSON_LINES_AT_ONCE) return drawn(lines);
  return [drawn(lines.slice(0, JSON_LINES_AT_ONCE - 10)),
    fold(`${lines.length - JSON_LINES_AT_ONCE + 10} more lines`,
      () => drawn(lines.slice(JSON_LINES_AT_ONCE - 10)), { kind: "json-rest" })];
}

function* jsonLines(story, value, name = null, depth = 0, end = "") {
  const before = name === null ? [] : [el("span", { class: "json-name" }, JSON.stringify(name)), ": "];
  const meaning = name === null ? "" : meaningOf(story, name);
  const brackets = Array.isArray(value) ? "[]" : "{}";
  const children = typeof value === "object" && value !== null ? Object.entries(value) : null;
  if (!children || children.length === 0) {
    const shown = children ? brackets + end : jsonScalar(value, end);
    yield jsonLine(depth, [...before, shown], meaning);
    return;
  }
  yield jsonLine(depth, [...before, brackets[0]], meaning);
  for (const [n, [key, child]] of children.entries()) {
    const comma = n < children.length - 1 ? "," : "";
    yield* jsonLines(story, child, Array.isArray(value) ? null : key, depth + 1, comma);
  }
  yield jsonLine(depth, [brackets[1], end], "");
}

function jsonScalar(value, end) {
  const text = JSON.stringify(value);
  const short = text.length > 180 ? `${text.slice(0, 48)}…${text.slice(-12)}` : text;
  const kind = typeof value === "string" ? "json-text" : "json-number";
  if (short === text) return [el("span", { class: kind }, unbroken(text)), end];
  return fold([el("span", { class: kind }, short), end], () => unbroken(text),
    { kind: "long-value", aside: `${value.length} characters` });
}

function jsonLine(depth, code, meaning) {
  return el("div", { class: "json-line" },
    el("code", { vars: { "--depth": depth } }, code),
    meaning && el("span", { class: "json-meaning" }, meaning));
}
