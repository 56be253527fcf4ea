// What a binding comes to, at a glance: this connection's certificate beside the one that
// the token names. How the first is worked out stands further below, byte by byte.
// A comparison is drawn only where a recorded decision has made it.

/** The last exchange of a step in which there was something to compare, as it was judged. */
function bindingView(story, step) {
  const told = (step.exchanges || []).filter((each) =>
    !each.handshake.failure && (confirmationsOf(each).length > 0 || namesNone(each)));
  const exchange = told[told.length - 1];
  if (!exchange) return null;
  const { kind, sides } = bindingOf(story, exchange);
  return el("section", { class: `bound ${kind}`, "aria-label": "The binding" }, sides);
}

/** Whether the request's token names no certificate, and is taken so or refused for it. */
function namesNone(exchange) {
  return isUnbound(exchange) && (!isRefused(exchange) || firstRefused(exchange)?.name === "binding.confirmation");
}

function bindingOf(story, exchange) {
  const own = exchange.handshake.client_certificate;
  const others = confirmationsOf(exchange);
  const other = others.find(({ value }) => value !== own) || others[0];
  if (!other) return unboundSides(story, own, isRefused(exchange));
  if (!own) return unprovedSides(story, other);
  if (other.standing === "issued") return issuedSides(story, own, other);
  if (other.standing === "uncompared") return uncomparedSides(story, exchange, own, other);
  return comparedSides(story, own, other);
}

function comparedSides(story, own, other) {
  const same = other.value === own;
  const words = same ? `The same, in all ${own.length} characters.` : `Not the same: ${differenceInWords(own, other.value)}.`;
  return { kind: same ? "same" : "other", sides: [
    boundHead(same ? "linked" : "broken", words),
    comparedCharacters([[named(story, other), other.value], [ownName(story, own), own]])] };
}

/** Both are there, and no decision was about them: side by side, and no sign between them. */
function uncomparedSides(story, exchange, own, other) {
  const why = isRefused(exchange) ? `${nodeName(exchange.server)} refused before it came to that.`
    : `${nodeName(exchange.server)} let it pass without.`;
  return { kind: "uncompared", sides: [
    boundHead("uncompared", `Nobody compared these two: ${why}`),
    boundSide(named(story, other)), boundValue(other.value),
    boundSide(ownName(story, own)), boundValue(own)] };
}

/** Written just now, from this very connection or not: nobody has to compare it yet. */
function issuedSides(story, own, other) {
  const words = other.value === own ? "Bound just now: the token was issued for this connection's certificate."
    : "Bound just now, to another certificate than this connection's.";
  return { kind: "issued", sides: [
    boundHead("lock", words), boundSide(named(story, other)), boundValue(other.value)] };
}

function unprovedSides(story, other) {
  return { kind: "other", sides: [
    boundHead("broken", "Nothing to compare: this connection has proved no certificate."),
    boundSide(named(story, other)), boundValue(other.value)] };
}

function unboundSides(story, own, refused) {
  const words = refused ? "Nothing to compare: the token names no certificate."
    : "Nobody compared: the token names no certificate. Whoever has it may use it.";
  return { kind: refused ? "other" : "uncompared", sides: [
    boundHead("unbound", words), boundSide(ownName(story, own))] };
}

function boundHead(sign, words) {
  return el("p", { class: "bound-head" }, icon(sign), " ", words);
}

function boundSide(words) {
  return el("p", { class: "bound-side" }, words);
}

function boundValue(value) {
  const long = value.length > LONGEST_LINE;
  return el("p", { class: "bound-value-line" }, el("code", { class: long ? "bound-value long" : "bound-value" }, value));
}

function named(story, other) {
  return [other.from[0], ": ", certificateOrNone(story, other.value)];
}

function ownName(story, own) {
  return ["this connection's certificate: ", certificateChip(story, own, { small: true })];
}

function certificateOrNone(story, x5t) {
  return isSeen(story, x5t) ? certificateChip(story, x5t, { small: true }) : "no certificate that occurs here";
}
