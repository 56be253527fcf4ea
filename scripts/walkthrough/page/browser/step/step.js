// The selected step: what it shows, how it came out, what decided it, and all the evidence.

/** The pane stands beside the acts, whose titles are headings of this level as well. */
const STEP_LEVEL = 2;

/**
 * Everything about a step; what tells most first, so that it is seen without scrolling.
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
      el("p", { class: "view-act" }, act && `Act ${act.number}: ${act.title}`, step.name && nameOfStep(step)),
      headingOf(STEP_LEVEL, {}, el("span", { class: "view-number" }, step.number), " ", step.title),
      el("p", { class: "view-says" }, step.says)),
    outcomeView(story, step),
    bindingView(story, step),
    rulesOfStep(story, step),
    step.derivation && derivationView(story, step),
    exchanges.map((exchange) => exchangeView(story, step, exchange, STEP_LEVEL + 1)));
}

/** By this name it is found again, also where its number is another. */
function nameOfStep(step) {
  return el("span", { class: "view-name" }, el("code", {}, step.name), copyLink(`#${step.name}`, step.name));
}

/** What a step is about, and what refused it, where that is another rule. */
function rulesOfStep(story, step) {
  const cited = citedRules(step);
  if (cited.length === 0) return null;
  return el("section", { class: "step-rules", "aria-label": cited.length > 1 ? "The rules" : "The rule" },
    cited.map(([before, rule]) => [
      el("p", { class: "rule-sentence" }, before, ruleLink(story, rule), said(ruleOf(story, rule).sentence),
        " ", copyLink(ruleAddress(rule), rule)),
      withoutIt("What if nobody kept to this?", STEP_LEVEL + 1, [ruleOf(story, rule).without])]));
}

function said(sentence) {
  return sentence && `: ${sentence}`;
}

/** The rules of a step, each with the words before it. */
function citedRules(step) {
  if (!step.rule) return [];
  const refusing = refusalsOf(step)[0]?.rule || step.rule;
  if (refusing === step.rule) return [["", step.rule]];
  return [["It is about ", step.rule], ["Refused by ", refusing]];
}

function refusalsOf(step) {
  return (step.exchanges || []).map((exchange) => firstRefused(exchange)).filter(Boolean);
}
