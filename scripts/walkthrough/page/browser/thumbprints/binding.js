// What a binding comes to, at a glance: this connection's certificate beside the one that
// the token names. How the first is worked out stands further below, byte by byte.

/** The last exchange of a step in which there was something to compare, compared. */
function bindingView(story, step) {
  const told = (step.exchanges || []).filter((each) =>
    !each.handshake.failure && (confirmationsOf(each).length > 0 || namesNone(each)));
  const exchange = told[told.length - 1];
  if (!exchange) return null;
  const own = exchange.handshake.client_certificate;
  const others = confirmationsOf(exchange);
  const other = others.find(({ value }) => value !== own) || others[0];
  const bound = other ? boundSides(story, own, other) : unboundSides(story, own, isRefused(exchange));
  const kind = own && other?.value === own ? "same" : "other";
  return el("section", { class: `bound ${kind}`, "aria-label": "The binding" }, bound);
}

/** Whether the request's token names no certificate, and is taken so or refused for it. */
function namesNone(exchange) {
  return isUnbound(exchange) && (!isRefused(exchange) || firstRefused(exchange)?.name === "binding.confirmation");
}

function boundSides(story, own, other) {
  const named = [other.from[0], ": ", certificateOrNone(story, other.value)];
  if (!own) {
    return [
      boundHead(false, "Nothing to compare: this connection has proved no certificate."),
      boundSide(named), el("p", { class: "bound-value-line" }, el("code", { class: other.value.length > LONGEST_LINE ? "bound-value long" : "bound-value" }, other.value))];
  }
  const same = other.value === own;
  return [
    boundHead(same, same ? `The same, in all ${own.length} characters.`
      : `Not the same: ${differenceInWords(own, other.value)}.`),
    comparedCharacters([
      [named, other.value],
      [["this connection's certificate: ", certificateChip(story, own, { small: true })], own]])];
}

function unboundSides(story, own, refused) {
  const harm = refused ? "" : " Whoever has it may use it.";
  return [
    boundHead(false, `Nothing to compare: the token names no certificate.${harm}`),
    boundSide(["this connection's certificate: ", certificateChip(story, own, { small: true })])];
}

function boundHead(same, words) {
  return el("p", { class: "bound-head" }, icon(same ? "linked" : "broken"), " ", words);
}

function boundSide(words) {
  return el("p", { class: "bound-side" }, words);
}

function certificateOrNone(story, x5t) {
  return isSeen(story, x5t) ? certificateChip(story, x5t, { small: true }) : "no certificate that occurs here";
}
