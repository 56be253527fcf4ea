// The picture: acts that fold, their steps as rows, and in each row what happened.

/** An act with its steps, unfolded. */
function actElement(story, act) {
  const id = `act-${act.number}`;
  const lanes = lanesOf(story, act);
  const steps = el("ol", { class: "steps" });
  for (const step of act.steps) steps.append(stepElement(story, lanes, step));
  const body = el("div", { class: "act-body", id: `${id}-steps` },
    act.says && el("p", { class: "act-says" }, act.says),
    lanes.length > 0 && laneCaptions(lanes),
    steps,
    actEnd(act, 3));
  return el("section", { class: `act lanes-${lanes.length}`, id, "aria-labelledby": `${id}-title`,
    "data-lanes": laneNames(lanes), vars: { "--lanes": Math.max(lanes.length, 1) } },
    actHead(act, id), body);
}

function actHead(act, id) {
  return el("div", { class: "act-head" },
    el("h2", { id: `${id}-title` },
      el("button", { type: "button", class: "fold", "aria-expanded": "true", "aria-controls": `${id}-steps` },
        icon("next"),
        el("span", { class: "act-number" }, unseen("Act "), act.number),
        el("span", { class: "act-title" }, act.title))),
    el("a", { class: "act-about", href: `#${id}` }, "About", unseen(` act ${act.number}`)),
    actTally(act));
}

/** How many steps an act has, and whether they came out as the rules say. */
function actTally(act) {
  const wrong = act.steps.filter((step) => !step.passed).length;
  const count = `${act.steps.length} ${act.steps.length === 1 ? "step" : "steps"}`;
  return wrong
    ? el("span", { class: "tally verdict wrong" }, icon("wrong"), `${wrong} of ${count}`)
    : el("span", { class: "tally" }, count);
}

/** One step: its title with its verdict, and its drawing. */
function stepElement(story, lanes, step) {
  const address = `#step-${step.number}`;
  return el("li", { class: isRefusalOrTheft(step) ? "step refusal-or-theft" : "step", id: address.slice(1), "data-number": step.number },
    el("div", { class: "step-head" },
      el("h3", {},
        el("a", { class: "step-link", href: address },
          el("span", { class: "step-number" }, step.number), " ",
          el("span", { class: "step-title" }, step.title))),
      el("div", { class: "step-verdicts" }, isRobbery(step) && harmMark(), verdictMark(step))),
    el("div", { class: "drawing" }, unlessItFails(step, () => [
      (step.exchanges || []).map((each) => exchangeDrawing(story, lanes, step, each)),
      step.derivation && derivationDrawing(story, step)])));
}

/** Whether a step came out as expected: a mark and words, never a colour alone. */
function verdictMark(step) {
  const { mark, words } = verdictOf(step);
  if (mark === "seen") return null;
  return el("span", { class: `verdict ${mark}` }, icon(mark), el("span", {}, words));
}

/** What no verdict says: that the rules are kept, and the thief has what he wants. */
function harmMark() {
  return el("span", { class: "harm" }, icon("thief"), el("span", {}, "the thief succeeds"));
}

/** What was worked out rather than sent: a note across the lanes, with what tells most. */
function derivationDrawing(story, step) {
  const lines = tellingLines(step);
  return el("div", { class: "derivation" }, icon("note"),
    el("dl", {}, lines.map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, derivedValue(story, value))))));
}

/** Of many lines those that tell most, and what came of them; of few the last. */
function tellingLines({ derivation, came }) {
  const lines = derivation.filter(([, value]) => value);
  if (lines.length <= 5) return lines.slice(-3);
  const isClaim = ([name]) => ["sub", "aud", "cnf"].includes(name);
  const claims = lines.filter(isClaim);
  const telling = claims.length > 1 ? claims : lines.filter(([name]) => name.endsWith(": Certificate"));
  const chosen = telling.length > 0 ? telling : lines.slice(0, 2);
  const news = came && came.length < 60 && !lines.some(([, value]) => value === came);
  return news ? [...chosen, [claims.length > 1 ? "what it says" : "in short", came]] : chosen;
}

/** A thumbprint of a certificate that was seen is shown as that certificate. */
function derivedValue(story, value) {
  const x5t = (/(?<![\w+/-])[\w-]{43}(?![\w+/=-])/.exec(value) || [])[0];
  return isSeen(story, x5t) ? certificateChip(story, x5t) : unbroken(value);
}
