// A check or a rule by itself: what it demands, the damage without it, and the steps that
// show it.

function checkView(story, name) {
  const made = madeInSteps(story, (decision) => decision.name === name);
  const [{ decision }] = made;
  const { sentence, without } = ruleOf(story, decision.rule);
  const says = made.find((each) => each.decision.accepted)?.decision.check;
  return el("article", { class: "step-view", "aria-label": `Check ${name}` },
    el("header", { class: "view-head" },
      el("p", { class: "view-act" }, `A check of ${inAList([...new Set(made.map((each) => nodeName(each.decision.node)))])}`),
      headingOf(STEP_LEVEL, {}, el("code", {}, name)),
      says && el("p", { class: "view-says" }, `It has passed: ${says}.`)),
    el("p", { class: "rule-sentence" }, el("a", { href: ruleAddress(decision.rule) }, decision.rule), said(sentence)),
    withoutIt("What if nobody checked this?", STEP_LEVEL + 1, [decision.without, without]),
    decidedBy(story, decision),
    headingOf(STEP_LEVEL + 1, {}, "Where it was made"),
    tableOf(`The steps in which ${name} was checked`, ["step", "what it shows", "what it said"], made.map((each) => [
      each.step.number, el("a", { href: stepAddress(each.step) }, each.step.title),
      [mark(each.decision.accepted, each.decision.accepted ? "accepted" : "refused"), " ", checkInWords(each.decision)]])));
}

/** Every step with a decision of a kind, the first of them in it. */
function madeInSteps(story, isOfKind) {
  return allSteps(story).flatMap((step) => {
    const found = [...decisionsOfStep(step)].filter(isOfKind);
    const telling = found.find((each) => !each.accepted) || found[0];
    return telling ? [{ step, decision: telling }] : [];
  });
}

function ruleView(story, rule) {
  const { sentence, without } = ruleOf(story, rule);
  const about = allSteps(story).filter((step) => step.rule === rule || refusalsOf(step).some((each) => each.rule === rule));
  const checks = new Set([...decisionsOfStory(story)].filter((each) => each.rule === rule).map((each) => each.name));
  return el("article", { class: "step-view", "aria-label": rule },
    el("header", { class: "view-head" },
      el("p", { class: "view-act" }, "A rule"),
      headingOf(STEP_LEVEL, {}, ruleLink(story, rule)),
      el("p", { class: "view-says" }, sentence)),
    withoutIt("What if nobody kept to this?", STEP_LEVEL + 1, [without]),
    checks.size > 0 && [headingOf(STEP_LEVEL + 1, {}, "Checked by"),
      el("ul", {}, [...checks].map((name) => el("li", {}, checkLink(name))))],
    about.length > 0 && [headingOf(STEP_LEVEL + 1, {}, "Shown by"),
      tableOf(`The steps about ${rule}`, ["step", "what it shows", "verdict"], about.map((step) => [
        step.number, el("a", { href: stepAddress(step) }, step.title), stepVerdict(step)]))]);
}
