// What an exchange is called in the picture: short, so that it can be read from afar.

const REASONS = { 200: "OK", 201: "Created", 204: "No content", 302: "Found", 303: "See other" };

const LONGEST_PATH = 26; // characters that stand in one line between two lanes

/** The number of an answer's status, 0 where none came. */
function statusOf(exchange) {
  const start = exchange.response ? exchange.response.start : "";
  return Number((/ (\d{3})/.exec(start) || [0, 0])[1]);
}

/** Whether the server said no, or nothing at all. */
function isRefused(exchange) {
  const status = statusOf(exchange);
  return status === 0 || status >= 400;
}

/** Whether a thief has got what he asked for. */
function isRobbed(exchange) {
  const status = statusOf(exchange);
  return exchange.client_lane === "thief" && status >= 200 && status < 300 && !isInactive(exchange.response);
}

/** Whether a step is one in which a thief succeeds. */
function isRobbery(step) {
  return (step.exchanges || []).some(isRobbed);
}

/** RFC 7662 section 2.2: the answer that says nothing about a token. */
function isInactive(response) {
  return (response.body || "").replace(/\s/g, "") === '{"active":false}';
}

/** Whether a step ends with a refusal. */
function endsRefused(step) {
  const exchanges = step.exchanges || [];
  return exchanges.length > 0 && isRefused(exchanges[exchanges.length - 1]);
}

/** The first check that did not pass. */
function firstRefused(exchange) {
  return (exchange.decisions || []).find((decision) => !decision.accepted);
}

/** `POST /token`, without the query and with the long parts of a path shortened. */
function requestName(exchange) {
  const [method, target] = exchange.request.start.split(" ");
  return `${method} ${shortPath((target || "").split("?")[0])}`;
}

function shortPath(path) {
  const parts = path.split("/").slice(1)
    .map((part) => (part.length > 28 ? `${part.slice(0, 9)}…` : part));
  const whole = `/${parts.join("/")}`;
  const isLong = parts.length > 3 || (parts.length > 2 && whole.length > LONGEST_PATH);
  return isLong ? `/${parts[0]}/…/${parts[parts.length - 1]}` : whole;
}

/** The port that was asked for, where it tells one listener of the server from another. */
function portOf(exchange) {
  if (exchange.server_lane !== "as") return "";
  const { port } = URL.canParse(exchange.url) ? new URL(exchange.url) : { port: "" };
  return `:${port || 443}`;
}

const NODE_NAMES = new Map([["as", "AS"], ["rs", "RS"]]);

/** A node in a sentence: written as its log has it, `as` would be read as a word. */
function nodeName(name) {
  return NODE_NAMES.get(name) ?? name;
}

/** What a request is about, where its first line does not say: its grant type. */
function requestDetail(exchange) {
  const type = headerOf(exchange.request, "content-type");
  if (!type.startsWith("application/x-www-form-urlencoded")) return "";
  const form = new URLSearchParams(exchange.request.body);
  return (form.get("grant_type") || "").replace(/^urn:.*:/, "");
}

/** `200 OK`, `401 invalid_token`, `200 active: false`. */
function answerName(exchange) {
  const status = statusOf(exchange);
  if (!status) return `no answer${exchange.failure ? `: ${exchange.failure}` : ""}`;
  const word = errorOf(exchange.response) || (isInactive(exchange.response) ? "active: false" : REASONS[status] || "");
  return `${status} ${word}`.trim();
}

/** The error code: RFC 6750 section 3 has it in the header, RFC 6749 in the body. */
function errorOf(response) {
  const challenge = /\berror="([^"]*)"/.exec(headerOf(response, "www-authenticate"));
  if (challenge) return challenge[1];
  try {
    const { error } = JSON.parse(response.body);
    return typeof error === "string" ? error : "";
  } catch {
    return "";
  }
}

function headerOf(message, name) {
  const found = (message.headers || []).find(([each]) => each.toLowerCase() === name);
  return found ? found[1] : "";
}

/** How a step came out, as the class of its mark and in words. */
function verdictOf(step) {
  if (!step.passed) return { mark: "wrong", words: "not as expected" };
  if (!step.expected) return { mark: "seen", words: "" };
  if (endsRefused(step)) return { mark: "held", words: "refused, as expected" };
  return { mark: "passed", words: "as expected" };
}

/** Who took part in an exchange, as the one who asked: by name, or by certificate. */
function clientName(story, exchange) {
  const named = exchange.client && !["unknown", "anonymous"].includes(exchange.client);
  if (named) return exchange.client;
  const x5t = exchange.handshake.failure ? "" : exchange.handshake.client_certificate;
  return x5t ? certificateName(story, x5t) : "";
}
