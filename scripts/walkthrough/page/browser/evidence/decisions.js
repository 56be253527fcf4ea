// What a server decided: each check in words, what it compared, and where it stands.

const LONGEST_IN_SHORT = 120; // characters: four lines in a lane of the picture

/** Every decision of an exchange, each to be opened; the refused ones are open. */
function decisionsView(story, exchange, level) {
  return el("ol", { class: "decision-list" }, exchange.decisions.map((decision) =>
    el("li", { class: decision.accepted ? "decision" : "decision refused", "data-check": decision.name },
      fold(decisionHead(story, decision), () => decisionDetail(story, decision, level), { open: !decision.accepted }))));
}

function decisionHead(story, decision) {
  return [mark(decision.accepted, decision.accepted ? "accepted" : "refused"), " ",
    el("span", { class: "decision-check" }, checkInWords(decision)), " ",
    el("span", { class: "decision-rule" }, decision.rule)];
}

/** One decision in a line, without what is behind it. */
function decisionInShort(story, decision) {
  return el("li", { class: "decision" }, mark(decision.accepted, decision.accepted ? "accepted" : "refused"), " ",
    decision.check, " (", ruleLink(story, decision.rule), ")");
}

/** A refusal repeats what it compared; that is shown beside each other instead. */
function checkInWords({ check, expected, presented }) {
  return String(check).replace(`: expected ${expected}, presented ${presented}`, " is not the one expected");
}

/** The same for the picture: what is wrong, without the names and numbers it is wrong of. */
function checkInShort(story, { handshake }, decision) {
  const { client_certificate: own, client_sent_after: after = [] } = handshake;
  const sent = [own, ...after].map((x5t) => story.certificates?.[x5t]).filter(Boolean);
  const names = new Set([decision.presented, ...sent.flatMap((each) => [each.subject, each.issuer])]);
  let text = checkInWords(decision).replace(/^[a-z]+(?:_[a-z]+)+: /, "").replace(/, serial 0x[\da-f]+/i, "");
  for (const name of [...names].filter(looksLikeName).sort((one, other) => other.length - one.length)) {
    text = text.replaceAll(`${name}: `, "").replaceAll(name, commonNameIn(name));
  }
  return cutAtWord(text, LONGEST_IN_SHORT);
}

function commonNameIn(name) {
  const [, common] = partsOfName(name).find(([type]) => type === "CN") || ["", "somebody"];
  return common;
}

/** The beginning of a text: whole clauses of it, if they are most of what there is room for. */
function cutAtWord(text, most) {
  if (text.length <= most) return text;
  const start = text.slice(0, most);
  const clause = Math.max(start.lastIndexOf(": "), start.lastIndexOf("; "), start.lastIndexOf(", "));
  const end = clause > most / 2 ? clause : start.lastIndexOf(" ");
  return `${start.slice(0, end > 0 ? end : most)}…`;
}

function decisionDetail(story, decision, level) {
  const rule = ruleOf(story, decision.rule);
  return [
    el("p", { class: "rule-sentence" }, ruleLink(story, decision.rule), rule.sentence && `: ${rule.sentence}`),
    comparedValues(story, decision),
    withoutIt("What if nobody checked this?", level, [decision.without, rule.without]),
    decision.name && el("p", { class: "check-name decided-by" }, "Check ", checkLink(decision.name), ", as in the log ",
      copyLink(checkAddress(decision.name), decision.name)),
    decidedBy(story, decision),
  ];
}

function checkLink(name) {
  return el("a", { class: "check-link", href: checkAddress(name) }, el("code", {}, name));
}

/** The damage without a check, and that without its rule, as far as there is a text. */
function withoutIt(question, level, texts) {
  const said = texts.filter(Boolean);
  return said.length > 0 && el("div", { class: "without" },
    headingOf(level, {}, question), said.map((text) => el("p", {}, text)));
}

/** Expected and presented, drawn as what they are. */
function comparedValues(story, { expected, presented }) {
  if (!expected && !presented) return null;
  if (looksLikeThumbprint(expected) && looksLikeThumbprint(presented)) {
    return el("div", { class: "compared-values" },
      el("p", {}, `Expected and presented: ${differenceInWords(expected, presented)}.`),
      comparedCharacters([
        [["expected ", chipIfKnown(story, expected)], expected],
        [["presented ", chipIfKnown(story, presented)], presented]]));
  }
  if (looksLikeName(expected) && looksLikeName(presented)) return comparedNames(expected, presented);
  return el("dl", { class: "expected" },
    el("dt", {}, "expected"), el("dd", {}, valueOf(inWordsToo(expected))),
    el("dt", {}, "presented"), el("dd", {}, valueOf(inWordsToo(presented)), " ", chipIfKnown(story, presented)));
}

function chipIfKnown(story, value) {
  return Object.hasOwn(story.certificates || {}, value) && certificateChip(story, value, { small: true });
}

/** Seconds since the epoch say little to people. */
function inWordsToo(text) {
  const seconds = /^(?:before |after |from )?(\d{10})$/.exec(text)?.[1];
  return seconds ? `${text} (${momentInWords(Number(seconds), 0)})` : text || "nothing";
}

function decidedBy(story, decision, words = "Decided by ") {
  const sources = story.sources || {};
  const source = Object.hasOwn(sources, decision.source) ? sources[decision.source] : null;
  const name = [el("code", {}, `${decision.decided_by}`), " in ", el("code", {}, decision.source)];
  if (!source?.text) return el("p", { class: "decided-by" }, words, name);
  return fold([words, name], () => sourceCode(source), { kind: "decided-by" });
}
