// One exchange, drawn: the handshake, the request, what the server made of it, the answer.

const MOST_SENT_ALONG = 3;
const SHORT = 0.4; // of the picture: an arrow to the next of three lanes or more

/**
 * @param {object} story
 * @param {{lane: string}[]} lanes
 * @param {object} step
 * @param {object} exchange of the step
 * @returns {HTMLElement}
 */
function exchangeDrawing(story, lanes, step, exchange) {
  const from = middleOf(lanes, exchange.client_lane);
  const to = middleOf(lanes, exchange.server_lane);
  const same = sameConnection(story, step, exchange);
  return el("div", { class: "exchange" },
    same ? el("p", { class: "same-connection", vars: between(from, to) }, el("span", {}, icon("lock"), ` ${same}`))
      : handshakeDrawing(story, exchange, from, to),
    requestDrawing(story, exchange, from, to),
    (exchange.nested || []).map((each) =>
      el("div", { class: "nested" }, exchangeDrawing(story, lanes, step, each))),
    decisionsDrawing(story, exchange, to),
    answerDrawing(story, exchange, from, to));
}

function handshakeDrawing(story, exchange, from, to) {
  const handshake = exchange.handshake;
  const kind = kindOfHandshake(handshake);
  const ends = [
    el("span", { class: "handshake-end" }, handshake.client_certificate
      ? certificateChip(story, handshake.client_certificate, { small: true })
      : el("span", { class: "no-chip" }, kind.none)),
    el("span", { class: "handshake-sign" }, icon(handshake.failure ? "unlocked" : "lock"),
      el("span", {}, `${handshake.tls_version.replace(/^TLSv/, "TLS ")}, ${kind.name}`)),
    el("span", { class: "handshake-end of-server" },
      isBorrowed(story, exchange) && el("span", { class: "borrower" }, `${nodeName(exchange.server)} with `),
      certificateChip(story, handshake.server_certificate, { small: true })),
  ];
  return el("div", { class: `handshake ${kind.class}`, vars: between(from, to) },
    unseen("Handshake: "), from <= to ? ends : ends.reverse());
}

/**
 * Whether a server has presented a certificate of another name, as those do that stand in
 * for another: a demo's twins. A listener is named after its node: `client-web`.
 */
function isBorrowed(story, { server, handshake }) {
  return isSeen(story, handshake.server_certificate) &&
    !certificateName(story, handshake.server_certificate).startsWith(server);
}

function kindOfHandshake(handshake) {
  if (handshake.failure) return { class: "mutual", name: "failed", none: "none sent" };
  if (handshake.client_certificate) return { class: "mutual", name: "mutual", none: "" };
  if (handshake.certificate_requested) {
    return { class: "mutual", name: "certificate asked for", none: "none sent" };
  }
  return { class: "conventional", name: "no certificate asked for", none: "–" };
}

function requestDrawing(story, exchange, from, to) {
  if (exchange.handshake.failure) return null; // nobody has received it
  const certificate = exchange.handshake.client_certificate;
  const detail = requestDetail(exchange);
  return el("div", { class: "message request", vars: between(from, to) },
    el("p", { class: "label" },
      unseen(`${clientName(story, exchange) || exchange.client_lane} asks ${nodeName(exchange.server)}: `),
      el("span", { class: "label-text" }, el("b", {}, requestName(exchange)),
        detail && [" ", el("span", { class: "detail" }, detail)], portDrawing(exchange))),
    arrow(from, to, [
      certificate && el("span", { class: "sender" },
        certificateChip(story, certificate, { small: true })),
      tickets(story, exchange, "request"),
    ]),
    sentAlongDrawing(story, exchange, from));
}

/** What came behind the client's own certificate: no key of it has signed anything. */
function sentAlongDrawing(story, exchange, at) {
  const others = sentAlong(story, exchange.handshake);
  const left = others.length - MOST_SENT_ALONG;
  return others.length > 0 && el("div", { class: "sent-along", vars: between(at, at) },
    others.slice(0, MOST_SENT_ALONG).map((each) => certificateChip(story, each, { small: true })),
    el("p", { class: "sent-along-words" }, left > 0 && `and ${left} more, `, "sent along: not proven"));
}

/** The certificates sent after the client's own, but for the CAs that lead to a root. */
function sentAlong(story, { client_certificate: own, client_sent_after: after = [] }) {
  const chain = new Set();
  let above = own;
  while (above && !chain.has(above)) {
    chain.add(above);
    const issuer = story.certificates[above]?.issuer;
    above = after.find((each) => story.certificates[each]?.subject === issuer);
  }
  return [...new Set(after)].filter((each) => !(chain.has(each) && isAuthority(story, each)));
}

function isAuthority(story, x5t) {
  return (story.certificates[x5t]?.fields || [])
    .some(([name, value]) => name.startsWith("basicConstraints") && value.startsWith("a CA"));
}

function answerDrawing(story, exchange, from, to) {
  const refused = isRefused(exchange);
  const robbed = isRobbed(exchange);
  const kind = refused ? " refusal" : robbed ? " robbery" : "";
  return el("div", { class: `message answer${kind}`, vars: between(from, to) },
    el("p", { class: "label" },
      unseen(`${nodeName(exchange.server)} ${refused ? "refuses" : "answers"}: `),
      el("span", { class: "label-text" },
        (refused || robbed) && [icon(refused ? "refused" : "thief"), " "],
        answerName(exchange), robbed && ", to the thief", portDrawing(exchange))),
    arrow(to, from, [tickets(story, exchange, "response")]));
}

/** At which listener of the authorization server: only one of them asks for a certificate. */
function portDrawing(exchange) {
  const port = portOf(exchange);
  return port && [" ", el("span", { class: "port" }, unseen("port "), port)];
}

function arrow(from, to, riders) {
  const direction = from === to ? "itself" : from < to ? "rightwards" : "leftwards";
  const short = Math.abs(from - to) < SHORT ? " short" : "";
  const forms = riders.flatMap((each) => (each ? [...each.querySelectorAll(".ticket-form")] : []));
  const letters = forms.reduce((sum, form) => sum + form.textContent.length, 0);
  return el("div", { class: `arrow ${direction}${short}`,
    vars: { "--tickets": forms.length, "--letters": letters } }, riders);
}

/** The tokens of a message, each once. */
function tickets(story, exchange, place) {
  const seen = new Map((exchange.tokens || [])
    .filter((token) => token.place === place)
    .map((token) => [token.value, token]));
  return seen.size > 0 && el("span", { class: "riders" },
    [...seen.values()].map((token) => tokenTicket(story, token)));
}

/** What the server decided, at its lane: a mark for each check, the refusal in words. */
function decisionsDrawing(story, exchange, at) {
  const decisions = exchange.decisions || [];
  if (decisions.length === 0) return null;
  const refused = firstRefused(exchange);
  const count = `${decisions.length} ${decisions.length === 1 ? "check" : "checks"}`;
  return el("div", { class: "decisions", vars: between(at, at) },
    bindingDrawing(story, exchange, refused),
    el("p", { class: "checks", vars: { "--checks": decisions.length } },
      unseen(`${nodeName(exchange.server)} makes ${count}${refused ? "" : ", all passed"}`),
      decisions.map(checkMark)),
    refused && el("p", { class: "refused-check" }, checkInShort(story, exchange, refused)));
}

function checkMark(decision) {
  return el("span", { class: decision.accepted ? "check accepted" : "check rejected",
    title: decision.check }, icon(decision.accepted ? "passed" : "refused"));
}

/** Between which two lanes something is drawn, for the style sheet. */
function between(from, to) {
  return { "--lo": Math.min(from, to), "--hi": Math.max(from, to) };
}
