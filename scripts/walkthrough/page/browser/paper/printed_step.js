// A step on paper: what the page shows of it, in short, without anything to press.

const PRINTED_LINES = 14;
const PRINTED_LENGTH = 150;

/**
 * @param {object} story
 * @param {object} step
 * @param {Element[]} unfolded what the reader has unfolded of it, and wants to have as well
 */
function printedStep(story, step, unfolded) {
  return el("div", { class: "printed step-view" },
    el("div", { class: "printed-head" },
      el("p", { class: "view-says" }, step.says),
      citedRules(step).map(([before, rule]) => printedRule(story, before, rule))),
    el("div", { class: "printed-outcome" }, outcomeView(story, step), bindingView(story, step)),
    step.derivation && derivedLines(story, step.derivation),
    (step.exchanges || []).map((exchange) => printedExchange(story, exchange)),
    unfolded.map((each) => each.cloneNode(true)));
}

function printedRule(story, before, rule) {
  const { sentence, without } = ruleOf(story, rule);
  return el("p", { class: "rule-sentence" }, before, el("b", {}, rule), said(sentence),
    without && [" ", el("b", {}, "If nobody kept to it: "), without]);
}

function printedExchange(story, exchange) {
  return el("section", { class: "printed-exchange" },
    el("div", { class: "printed-crossed" },
      el("p", { class: "printed-title" }, exchangeTitle(story, exchange)),
      el("p", { class: "printed-handshake" }, printedHandshake(story, exchange.handshake)),
      el("div", { class: "printed-messages" },
        printedMessage(story, exchange, "request"), printedMessage(story, exchange, "response"))),
    (exchange.nested || []).map((each) => [
      el("p", { class: "printed-before" }, `Before it answered, ${nodeName(exchange.server)} asked:`), printedExchange(story, each)]),
    printedDecisions(story, exchange));
}

function printedHandshake(story, handshake) {
  const agreed = [handshake.group, handshake.cipher_suite].filter(Boolean).join(", ");
  return [handshakeInShort(handshake), agreed && `; ${agreed}; `,
    handshake.client_certificate && [certificateChip(story, handshake.client_certificate, { small: true }), " "],
    certificateChip(story, handshake.server_certificate, { small: true })];
}

/** First line, header fields, the parts of the body, the tokens in them. */
function printedMessage(story, exchange, place) {
  const message = exchange[place];
  if (!message) return el("div", {}, el("p", { class: "failure" }, exchange.failure || "no answer"));
  const { values } = bodyView(story, message);
  const query = new URLSearchParams(/\?([^#]*)/.exec(message.start.split(" ")[1] || "")?.[1]);
  const body = values.length > 0 || !message.body ? values : [["body", message.body]];
  return el("div", { class: "printed-message" },
    el("p", {}, el("code", { class: "printed-start" }, shortened(message.start))),
    printedPairs("fields", message.headers || []),
    printedPairs("body", [...query, ...body]),
    (exchange.tokens || []).filter((token) => token.place === place).map((token) => printedToken(story, token)));
}

/** What would happen without a check; what happens without its rule stands in the head. */
function printedDamage({ without }) {
  return without && el("p", { class: "printed-without" }, el("b", {}, "If nobody checked this: "), without);
}

/** What a JWT says, or that an opaque token says nothing. */
function printedToken(story, token) {
  const jwt = decodedJwt(token.value);
  return el("div", { class: "printed-token" },
    el("p", {}, tokenTicket(story, token), " ", boundInWords(story, token)),
    jwt && printedPairs("claims", Object.entries(jwt.claims)));
}

function printedPairs(kind, pairs) {
  if (pairs.length === 0) return null;
  const left = pairs.length - PRINTED_LINES;
  return el("ul", { class: `printed-pairs printed-${kind}` },
    pairs.slice(0, PRINTED_LINES).map(([name, value]) => el("li", {}, el("code", {},
      el("b", {}, name), ": ", shortened(typeof value === "string" ? value : JSON.stringify(value))), " ")),
    left > 0 && el("li", {}, `and ${left} more`));
}

function shortened(text) {
  return text.length <= PRINTED_LENGTH ? text : `${text.slice(0, 64)}…${text.slice(-12)}`;
}

/** Each check with its rule; of a refusal what was compared, and why it matters. */
function printedDecisions(story, exchange) {
  const decisions = exchange.decisions || [];
  return decisions.length > 0 && el("ol", { class: "printed-decisions" }, decisions.map((decision) =>
    el("li", { class: decision.accepted ? "decision" : "decision refused" },
      decisionHead(story, decision), decision.accepted ? printedDamage(decision) : printedRefusal(story, decision))));
}

/** What was compared, and what would happen without this check. */
function printedRefusal(story, decision) {
  const drawn = looksLikeThumbprint(decision.expected) && looksLikeThumbprint(decision.presented);
  return el("div", { class: "printed-refusal" },
    !drawn && comparedValues(story, decision),
    printedDamage(decision));
}
