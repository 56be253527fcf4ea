// How a step came out, and the one check that decided it.

/** What came, in one line where it is what was expected; and what decided it. */
function outcomeView(story, step) {
  if (!step.expected && !step.came) return null;
  const robbed = isRobbery(step);
  const kind = robbed ? "robbed" : step.passed ? "passed" : "failed";
  return el("section", { class: `outcome ${kind}`, "aria-label": "Outcome" },
    robbed && el("p", { class: "outcome-harm" }, harmMark()),
    el("dl", {}, whatCame(step), decisiveLine(decisiveCheck(step))));
}

function whatCame(step) {
  const { words } = verdictOf(step);
  const came = valueOf(step.came || "nothing");
  if (step.passed && words) return outcomeLine(mark(true, "as expected"), came);
  return [
    step.expected && outcomeLine("expected", valueOf(step.expected)),
    outcomeLine("what came", came),
    words && outcomeLine("verdict", mark(false, words))];
}

/** A name and a value: in one line where there is room. */
function outcomeLine(name, value, kind = "") {
  return el("div", { class: `outcome-line ${kind}`.trim() }, el("dt", {}, name), el("dd", {}, value));
}

function decisiveLine(decision) {
  if (!decision) return null;
  const { accepted, node, name } = decision;
  return outcomeLine([icon(accepted ? "passed" : "refused"), ` ${nodeName(node)} ${accepted ? "checked" : "refused"}`],
    [checkInWords(decision), " ", name && checkLink(name)], accepted ? "decisive" : "decisive refused");
}

/** The refusal; where all passed, the check of the rule that the step is about; where a
    thief succeeds, at least the last that he has passed. */
function decisiveCheck(step) {
  const refused = refusalsOf(step)[0];
  if (refused) return refused;
  const made = (step.exchanges || []).flatMap((exchange) => exchange.decisions || []);
  return made.find(({ rule }) => rule === step.rule) ||
    made.find(({ name }) => name === "binding.same-certificate") ||
    (isRobbery(step) && made.at(-1));
}
