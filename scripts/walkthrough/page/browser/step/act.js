// An act: what it is about, what its steps came to, and what is left to think about.

function actView(story, act) {
  const rows = act.steps.map((step) => [step.number,
    el("a", { href: `#step-${step.number}` }, step.title), el("code", {}, step.came), stepVerdict(step)]);
  return el("article", { class: "step-view", "aria-label": `Act ${act.number}` },
    el("header", { class: "view-head" },
      el("p", { class: "view-act" }, `Act ${act.number}`),
      headingOf(STEP_LEVEL, {}, act.title),
      el("p", { class: "view-says" }, act.says)),
    tableOf(`The steps of act ${act.number}`, ["step", "what it shows", "what came", "verdict"], rows, "act-steps"),
    actEnd(act, STEP_LEVEL + 1),
    act.mermaid && fold("The sequence as Mermaid", () => [
      scrollBox("Mermaid", el("pre", {}, act.mermaid)),
      el("p", { class: "buttons" }, copyButton(act.mermaid, "Copy the Mermaid text")),
    ], { level: STEP_LEVEL + 1, kind: "block" }));
}

function stepVerdict(step) {
  const { words } = verdictOf(step);
  return [isRobbery(step) && harmMark(), words && mark(step.passed, words)];
}

/** What an act comes to in a sentence, and its question, whose answer is folded. */
function actEnd(act, level) {
  if (!act.sentence && !act.question) return null;
  return el("div", { class: "act-end" },
    act.sentence && el("p", { class: "act-sentence" }, act.sentence),
    act.question && [
      headingOf(level, { class: "act-question" }, act.question),
      act.answer && fold("The answer", () => el("p", {}, act.answer), { kind: "act-answer" })]);
}
