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
  if (step.passed && words) return [el("dt", {}, mark(true, "as expected")), el("dd", {}, came)];
  return [
    step.expected && [el("dt", {}, "expected"), el("dd", {}, valueOf(step.expected))],
    el("dt", {}, "what came"), el("dd", {}, came),
    words && [el("dt", {}, "verdict"), el("dd", {}, mark(false, words))]];
}

function decisiveLine(decision) {
  if (!decision) return null;
  const { accepted, node, name } = decision;
  return [
    el("dt", { class: accepted ? "decisive" : "decisive refused" }, icon(accepted ? "passed" : "refused"),
      ` ${node} ${accepted ? "checked" : "refused"}`),
    el("dd", { class: "outcome-why" }, checkInWords(decision), " ",
      name && checkLink(name))];
}

/** The refusal; where all passed, the check of the rule that the step is about. */
function decisiveCheck(step) {
  const refused = refusalsOf(step)[0];
  if (refused) return refused;
  const made = (step.exchanges || []).flatMap((exchange) => exchange.decisions || []);
  return made.find(({ rule }) => rule === step.rule) ||
    made.find(({ name }) => name === "binding.same-certificate");
}
