// Which thumbprints an exchange names beside that of the connection's own certificate,
// and where: in cnf of a token, in an introspection answer, in a server's decision.

/** Where a thumbprint stands that was written just now. */
const FROM_ISSUED = ["cnf of the issued token", "what was kept for the issued token"];

/**
 * The thumbprints to hold beside the certificate of the connection, each once.
 *
 * @returns {{value: string, from: string[], mistake: string, standing: string}[]}
 *     *mistake* is what the server took a wrong one for; *standing* is "compared" where a
 *     decision has compared it, "issued" where it was written just now, or "uncompared"
 */
function confirmationsOf(exchange) {
  const found = new Map();
  const note = (value, from) => {
    if (typeof value !== "string" || value === "") return;
    if (!found.has(value)) found.set(value, { value, from: [], mistake: "", standing: "uncompared" });
    const sources = found.get(value).from;
    if (!sources.includes(from)) sources.push(from);
  };
  const bearer = bearerTokenOf(exchange);
  note(confirmedThumbprint(decodedJwt(bearer)?.claims), "cnf of the token in the request");
  for (const nested of exchange.nested || []) {
    const answer = valueOfJson(nested.response?.body ?? "");
    const isIntrospection = isObject(answer) && "active" in answer;
    if (isIntrospection) note(confirmedThumbprint(answer), "cnf of the introspection answer");
  }
  const answer = valueOfJson(exchange.response?.body ?? "");
  const issued = isObject(answer) ? answer.access_token : undefined;
  note(confirmedThumbprint(decodedJwt(issued)?.claims), FROM_ISSUED[0]);
  for (const token of (exchange.tokens || []).filter((each) => each.form !== "JWT")) {
    const isIssued = token.place === "response" && token.value === issued;
    if (isIssued) note(token.bound_to, FROM_ISSUED[1]);
    else if (bearer && token.value === bearer) note(token.bound_to, "what is kept for the token");
  }
  noteDecisions(exchange, note, found);
  for (const each of found.values()) {
    if (isJudged(exchange, each.value)) each.standing = "compared";
    else if (each.from.every((from) => FROM_ISSUED.includes(from))) each.standing = "issued";
  }
  return [...found.values()];
}

function noteDecisions(exchange, note, found) {
  const own = exchange.handshake?.client_certificate;
  for (const decision of exchange.decisions || []) {
    const value = judgedThumbprint(decision, own);
    if (value) note(value, `what ${nodeName(decision.node)} compared it with`);
    const mistake = /: it is (.+) of this very certificate/.exec(decision.check || "");
    if (mistake && found.has(value)) found.get(value).mistake = mistake[1];
  }
}

/** The thumbprint that a decision held beside the certificate *own*, or "" if it held none. */
function judgedThumbprint({ name, expected, presented }, own) {
  if (name === "binding.thumbprint-form") return presented;
  return own && presented === own && looksLikeThumbprint(expected) ? expected : "";
}

/**
 * Whether the server has decided if a token of this *thumbprint* comes with its own
 * certificate: by comparing, or because the connection has proved none.
 */
function isJudged(exchange, thumbprint) {
  const own = exchange.handshake?.client_certificate;
  return (exchange.decisions || []).some((decision) => own
    ? judgedThumbprint(decision, own) === thumbprint
    : !decision.accepted && decision.presented === "no certificate");
}

/** The token in the request's Authorization field, or an empty text. */
function bearerTokenOf(exchange) {
  const fields = exchange.request?.headers || [];
  const [, value] = fields.find(([name]) => name.toLowerCase() === "authorization") || ["", ""];
  return /^(?:Bearer|DPoP) +(.+)$/i.exec(value)?.[1] ?? "";
}

/** Whether the request's token is a JWT that names no certificate. */
function isUnbound(exchange) {
  const jwt = decodedJwt(bearerTokenOf(exchange));
  return jwt !== null && confirmedThumbprint(jwt.claims) === undefined;
}

/** What can be said of a value that is no thumbprint, from its look alone. */
function shapeOfValue(value, digest) {
  const said = [`${value.length} characters, where a thumbprint has 43`];
  const digits = value.replaceAll(":", "");
  if (/^(?:[0-9a-fA-F]{2})+$/.test(digits) && /^[0-9a-fA-F:]+$/.test(value)) {
    const bytes = digits.match(/../g).map((pair) => Number.parseInt(pair, 16));
    said.push(`hex digits, not base64url: ${sizeInWords(bytes, digest)}`);
    return said;
  }
  if (value.includes("=")) said.push("padding at its end, which base64url in JOSE leaves out");
  if (/[+/]/.test(value)) said.push("+ or /, which are base64 and not base64url");
  const bytes = bytesOfBase64(value);
  if (bytes === null) said.push("it is no base64 at all");
  else said.push(`read as base64 it is ${sizeInWords(bytes, digest)}`);
  return said;
}

function sizeInWords(bytes, digest) {
  const text = String.fromCharCode(...bytes);
  const isTheSame = bytes.length === 32 && digest.every((byte, n) => byte === bytes[n]);
  if (isTheSame) return "the same 32 bytes in another spelling";
  const isHex = bytes.length === 64 && /^[0-9a-fA-F]+$/.test(text);
  if (isHex) return `64 bytes, which are hex digits themselves: ${text.slice(0, 12)}…`;
  if (bytes.length === 20) return "20 bytes, as long as a SHA-1 digest";
  if (bytes.length === 32) return "32 bytes, but not these";
  return `${bytes.length} bytes, where a SHA-256 digest has 32`;
}
