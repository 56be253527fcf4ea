// What crossed the wire: a request or an answer, its first line, its fields, its body.

const STATUS_WORDS = {
  200: "OK", 201: "Created", 204: "No Content", 302: "Found", 303: "See Other",
  400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
  405: "Method Not Allowed", 415: "Unsupported Media Type", 429: "Too Many Requests",
  500: "Internal Server Error", 503: "Service Unavailable",
};

/**
 * One message.
 *
 * @param {"request" | "response"} place
 */
function messageView(story, exchange, place, level) {
  const message = exchange[place];
  const { view, values } = bodyView(story, message);
  const fields = message.headers || [];
  const isRequest = place === "request";
  const query = queryView(story, isRequest ? message.start.split(" ")[1] : headerOf(message, "location"));
  const tokens = tokensIn(story, exchange, place, [...fields, ...values], level);
  return [
    startLine(message.start),
    fieldsTable(story, fields),
    query && [el("p", { class: "part-name" }, `Parameters of the address${isRequest ? "" : " it sends to"}`), query],
    view && [el("p", { class: "part-name" }, `Body, ${sizeOfBody(message.body)}`), view],
    tokens,
  ];
}

function sizeOfBody(body) {
  const size = new TextEncoder().encode(body).length;
  return `${size} ${size === 1 ? "byte" : "bytes"}`;
}

function startLine(start) {
  const status = /^HTTP\/1\.1 (\d{3})$/.exec(start)?.[1];
  const words = status && STATUS_WORDS[status];
  return el("p", { class: "start-line" }, el("code", {}, start),
    words && el("span", { class: "folding-aside" }, ` ${words}`));
}

function fieldsTable(story, fields) {
  const rows = fields.map(([name, value]) => [
    el("code", {}, name), valueOf(value), meaningOf(story, name.toLowerCase())]);
  return rows.length > 0 && meaningsTable("Header fields", "field", rows, "fields");
}
