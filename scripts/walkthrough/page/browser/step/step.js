// The selected step: what it shows, whether it came out so, and all the evidence.

/** The pane stands beside the acts, whose titles are headings of this level as well. */
const STEP_LEVEL = 2;

/**
 * Everything about a step.
 *
 * @param {object} story
 * @param {object} step
 * @param {object} act the one it belongs to
 * @returns {HTMLElement}
 */
function stepView(story, step, act) {
  const exchanges = step.exchanges || [];
  return el("article", { class: "step-view", "aria-label": `Step ${step.number}` },
    el("header", { class: "view-head" },
      act && el("p", { class: "view-act" }, `Act ${act.number}: ${act.title}`),
      headingOf(STEP_LEVEL, {}, el("span", { class: "view-number" }, step.number), " ", step.title),
      el("p", { class: "view-says" }, step.says),
      rulesOfStep(story, step, (rule) => ruleLink(story, rule)),
      withoutIt("What if nobody kept to this?", STEP_LEVEL + 1, [ruleOf(story, step.rule).without])),
    outcomeView(story, step),
    bindingView(story, step),
    step.derivation && derivationView(story, step),
    exchanges.map((exchange) => exchangeView(story, exchange, STEP_LEVEL + 1)));
}

/** What a step is about, and what refused it, where that is another rule: in a sentence each. */
function rulesOfStep(story, step, named) {
  if (!step.rule) return null;
  const refusing = refusalsOf(step)[0]?.rule || step.rule;
  const sentence = (rule, before = "") => {
    const said = ruleOf(story, rule).sentence;
    return el("p", { class: "rule-sentence" }, before, named(rule), said && `: ${said}`);
  };
  if (refusing === step.rule) return sentence(step.rule);
  return [sentence(step.rule, "It is about "), sentence(refusing, "Refused by ")];
}

function refusalsOf(step) {
  return (step.exchanges || []).map((exchange) => firstRefused(exchange)).filter(Boolean);
}

/** What an act is about, and what its steps came to. */
function actView(story, act) {
  const rows = act.steps.map((step) => [step.number,
    el("a", { href: `#step-${step.number}` }, step.title), el("code", {}, step.came), stepVerdict(step)]);
  return el("article", { class: "step-view", "aria-label": `Act ${act.number}` },
    el("header", { class: "view-head" },
      el("p", { class: "view-act" }, `Act ${act.number}`),
      headingOf(STEP_LEVEL, {}, act.title),
      el("p", { class: "view-says" }, act.says)),
    tableOf(`The steps of act ${act.number}`, ["step", "what it shows", "what came", "verdict"], rows, "act-steps"),
    act.mermaid && fold("The sequence as Mermaid", () => [
      scrollBox("Mermaid", el("pre", {}, act.mermaid)),
      el("p", { class: "buttons" }, copyButton(act.mermaid, "Copy the Mermaid text")),
    ], { level: STEP_LEVEL + 1, kind: "block" }));
}

function stepVerdict(step) {
  const { words } = verdictOf(step);
  return [isRobbery(step) && harmMark(), words && mark(step.passed, words)];
}

/** Expected beside what came. */
function outcomeView(story, step) {
  if (!step.expected && !step.came) return null;
  const { words } = verdictOf(step);
  const robbed = isRobbery(step);
  const kind = robbed ? "robbed" : step.passed ? "passed" : "failed";
  return el("section", { class: `outcome ${kind}`, "aria-label": "Outcome" },
    robbed && el("p", { class: "outcome-harm" }, harmMark()),
    el("dl", {},
      step.expected && [el("dt", {}, "expected"), el("dd", {}, valueOf(step.expected))],
      el("dt", {}, "what came"), el("dd", {}, valueOf(step.came || "nothing")),
      refusalsOf(step).slice(0, 1).map((each) => [el("dt", {}, `why, says ${each.node}`),
        el("dd", { class: "outcome-why" }, checkInWords(each))])),
    words && el("p", { class: "outcome-verdict" }, mark(step.passed, words)));
}

/** Something worked out: its lines, and a thumbprint among them byte by byte. */
function derivationView(story, step) {
  return el("section", { class: "derived" },
    headingOf(STEP_LEVEL + 1, {}, "Worked out from the recordings"),
    derivedLines(story, step.derivation),
    step.worked_out_by && decidedBy(story, step.worked_out_by, "Worked out by "),
    !(step.exchanges || []).length && derivedThumbprint(story, step.derivation));
}

function derivedLines(story, lines) {
  const rows = lines.map(([name, value]) => [
    el("code", {}, name), derivedLine(story, name, value), meaningOf(story, name)]);
  return meaningsTable("What was worked out", "name", rows, "derived-lines");
}

function derivedLine(story, name, value) {
  const parsed = valueOfJson(value);
  const isClaim = isObject(parsed) || (TIMES.has(name) && typeof parsed === "number");
  return claimValue(story, { started: 0 }, name, isClaim ? parsed : value);
}

function derivedThumbprint(story, lines) {
  const isKnown = ([, value]) => Object.hasOwn(story.certificates || {}, value);
  const own = lines.find(isKnown);
  if (!own) return null;
  const others = lines.filter(([name, value]) => name.startsWith("cnf") && looksLikeThumbprint(value))
    .map(([name, value]) => ({ value, from: [name], mistake: "" }));
  return fold("The thumbprint, byte by byte", () => thumbprintDerivation(story, own[1], others, STEP_LEVEL + 2),
    { level: STEP_LEVEL + 1, open: true, kind: "block thumbprint" });
}
