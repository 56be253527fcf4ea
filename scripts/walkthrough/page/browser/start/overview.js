// The story in short: one theft before and after, and what each act comes to.

/** The theft that succeeds, and the same where the token is bound: by the steps' names. */
const THEFT = { before: "bearer.thief-in-his-own-name", after: "thief.wrong-certificate" };

/** Nothing of a story that has no names: what just happens has none. */
function overview(story) {
  const acts = story.acts.filter((act) => act.sentence);
  if (acts.length === 0) return null;
  return el("section", { class: "overview", id: "overview", "aria-label": "The story in short" },
    theftsView(story),
    el("h2", {}, "What each act comes to"),
    el("ol", { class: "acts-in-short" }, acts.map((act) => el("li", {},
      el("a", { href: `#act-${act.number}` }, el("span", { class: "act-number" }, act.number), " ", act.title),
      el("p", {}, act.sentence)))));
}

function theftsView(story) {
  const [before, after] = [THEFT.before, THEFT.after].map(stepNamed);
  const exchanges = [before, after].map((each) => each?.step.exchanges?.at(-1));
  if (!exchanges.every(Boolean)) return null;
  return [
    el("h2", {}, "One theft, before and after"),
    el("div", { class: "thefts" },
      theftView(story, before, exchanges[0], "With a bearer token"),
      theftView(story, after, exchanges[1], "With a token that is bound to a certificate")),
    isTheSame(...exchanges) && el("p", { class: "thefts-differ" }, "The same thief, the same certificate, the same ",
      "request. Only the second token says whose certificate it is good with.")];
}

/** Whether two thefts differ in nothing but the token, and who is asked. */
function isTheSame(one, other) {
  return requestName(one) === requestName(other) &&
    one.handshake.client_certificate === other.handshake.client_certificate;
}

function theftView(story, { step }, exchange, title) {
  const lanes = lanesOf(story, { steps: [step] });
  return el("div", { class: "theft", role: "group", "aria-label": title },
    el("h3", {}, title),
    el("p", {}, el("a", { href: stepAddress(step) }, `Step ${step.number}`), `: ${step.says}`),
    el("div", { class: `theft-picture lanes-${lanes.length}`, vars: { "--lanes": lanes.length } },
      laneCaptions(lanes),
      el("div", { class: "drawing" }, unlessItFails(step, () => exchangeDrawing(story, lanes, step, exchange)))));
}
