// One exchange as evidence, in the order in which it happened: the handshake, the
// request, what the server asked others, what it decided, its answer.

/**
 * @param {object} story
 * @param {object} step
 * @param {object} exchange of the step
 * @param {number} level of its heading; what is inside lies deeper
 */
function exchangeView(story, step, exchange, level) {
  const same = sameConnection(story, step, exchange);
  return el("section", { class: "evidence" },
    headingOf(level, { class: "evidence-title" }, exchangeTitle(story, exchange)),
    el("p", { class: "evidence-url" }, el("code", {}, exchange.url), same && `, ${same}`),
    withJumps(exchangeBlocks(story, exchange, level + 1, { brief: false })));
}

/** The blocks, and above them a button for each that leads there. */
function withJumps(blocks) {
  const folds = blocks.flat().filter((each) => each instanceof HTMLElement);
  const buttons = folds.map((details) => el("button",
    { type: "button", class: "jump", onclick: () => jumpTo(details) },
    details.querySelector(":is(h3, h4, h5, h6)").textContent));
  return [el("div", { class: "jumps", role: "group", "aria-label": "Parts of this exchange" }, buttons), folds];
}

/** Only the step scrolls: the picture beside it stays where it is. */
function jumpTo(details) {
  openFold(details);
  const pane = document.getElementById("chosen");
  const bar = pane.querySelector(".pane-bar").offsetHeight;
  const top = details.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  if (isNarrow()) details.scrollIntoView({ block: "start" });
  else pane.scrollTop += top - pane.clientTop - bar;
  details.querySelector("summary").focus({ preventScroll: true });
}

function exchangeTitle(story, exchange) {
  return [el("span", {}, `${clientName(story, exchange) || (exchange.client_lane === "thief" ? "the thief" : "somebody")} → ${nodeName(exchange.server)}`), " ",
    el("code", {}, requestName(exchange)), " ",
    el("span", { class: "evidence-answer" }, answerName(exchange))];
}

/** The blocks of an exchange; of a *brief* one only the answer is open at first. */
function exchangeBlocks(story, exchange, level, { brief }) {
  const { handshake } = exchange;
  const decisions = exchange.decisions || [];
  const block = (title, build, how) => fold(title, build, { level, kind: "block", ...how });
  return [
    block("Handshake", () => handshakeView(story, exchange, level + 1), { aside: handshakeInShort(handshake) }),
    block("Certificates", () => certificatesView(story, handshake, level + 1), { aside: [
      handshake.client_certificate && [certificateChip(story, handshake.client_certificate, { small: true }), " "],
      certificateChip(story, handshake.server_certificate, { small: true })] }),
    block("Request", () => messageView(story, exchange, "request", level + 1), {
      open: !brief, aside: el("code", {}, requestName(exchange)) }),
    (exchange.nested || []).map((each) => block(`${nodeName(exchange.server)} → ${nodeName(each.server)}, before it answered`,
      () => el("div", { class: "nested-evidence" }, exchangeBlocks(story, each, level + 1, { brief: true })),
      { open: true, aside: [el("code", {}, requestName(each)), " ", answerName(each)] })),
    decisions.length > 0 && block("Decisions", () => decisionsView(story, exchange, level + 1), {
      open: !brief || decisions.some((each) => !each.accepted), aside: decisionsInShort(exchange) }),
    thumbprintBlock(story, exchange, block, level),
    answerBlock(story, exchange, block, level),
    curlBlock(exchange, block),
  ];
}

/** The client's, and under it those that came with it and the server's. */
function certificatesView(story, handshake, level) {
  const sent = handshake.client_certificate;
  const one = (title, x5t, open) => fold(title, () => certificateView(story, x5t), {
    level, open, kind: "certificate", aside: certificateChip(story, x5t, { small: true }) });
  return [
    sent && one("The client's", sent, true),
    (handshake.client_sent_after || []).map((each) => one("Sent after it", each, false)),
    one("The server's", handshake.server_certificate, !sent),
  ];
}

function decisionsInShort(exchange) {
  const refused = exchange.decisions.filter((each) => !each.accepted).length;
  const count = `${exchange.decisions.length} by ${nodeName(exchange.server)}`;
  return refused ? [`${count}, `, mark(false, `${refused} refused`)] : `${count}, all accepted`;
}

/** The thumbprint of the connection's certificate, beside what the token names. */
function thumbprintBlock(story, exchange, block, level) {
  const sent = exchange.handshake.client_certificate;
  const others = confirmationsOf(exchange);
  if (!sent) return others.length > 0 ? missingCertificate(story, others[0], block, level) : null;
  const unbound = others.length === 0 && isUnbound(exchange);
  return block("Thumbprint, byte by byte", () => [
    unbound && el("p", {}, "The token in the request has no cnf. It names no certificate, so there is ",
      "nothing to hold beside this one."),
    thumbprintDerivation(story, sent, others, level + 1),
  ], {
    kind: "block thumbprint",
    open: others.length > 0,
    aside: others.length > 0 ? standingInShort(sent, others) : unbound && "the token names none",
  });
}

function standingInShort(sent, others) {
  if (others.some(({ standing }) => standing === "uncompared")) return "nobody compared it";
  const same = others.every(({ value }) => value === sent);
  if (others.some(({ standing }) => standing === "compared")) return mark(same, same ? "the one that is named" : "not the one that is named");
  return same ? "written into the token" : "another is written into the token";
}

/** A certificate is named, and the connection has proved none. */
function missingCertificate(story, named, block, level) {
  return block("Thumbprint, byte by byte", () => [
    el("p", {}, "The certificate of ", certificateChip(story, named.value), ` is ${inAList(named.from)}, and this `,
      "connection has proved none at all. There is nothing to compare it with."),
    Object.hasOwn(story.certificates || {}, named.value) && thumbprintDerivation(story, named.value, [], level + 1),
  ], { kind: "block thumbprint", aside: mark(false, "no certificate to compare") });
}

function answerBlock(story, exchange, block, level) {
  if (exchange.response) {
    return block("Answer", () => messageView(story, exchange, "response", level + 1), {
      open: true, aside: el("code", {}, answerName(exchange)) });
  }
  const why = exchange.failure || "The recordings show none.";
  return block("No answer", () => el("p", { class: "failure" }, why), { open: true });
}

function curlBlock(exchange, block) {
  if (!exchange.curl) return null;
  return block("The same with curl", () => [
    exchange.curl_note && el("p", { class: "curl-note" }, exchange.curl_note),
    scrollBox("The curl line", el("pre", { class: "curl" }, exchange.curl)),
    el("p", { class: "buttons" }, copyButton(exchange.curl, "Copy the curl line")),
  ]);
}
