// While it happens: asking the observer for what is new, and drawing only that.

const FIRST_WAIT = 1000; // milliseconds before asking again, when nobody answers
const LONGEST_WAIT = 15000;
const SOON = 1000; // by then a server that is away would have said so

/** Ask for what is new, for as long as the page is open. */
async function listen(path) {
  let wait = FIRST_WAIT;
  for (;;) {
    const delta = await news(path).catch(() => null);
    if (delta) {
      if (isOfAnotherRun(delta)) return void beginAnew();
      takeIn(delta);
      wait = FIRST_WAIT;
    } else {
      liveState("away", "The server is away");
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }
}

/** Receive what is new. Where the page fails at it, that is no fault of the server's. */
function takeIn(delta) {
  try {
    receive(delta);
  } catch (error) {
    console.error(error);
  }
}

/** What is new. An answer may take long; a server that is away says so at once. */
async function news(path) {
  const { revision = 0, run } = page.story;
  const query = run === undefined ? `after=${revision}` : `after=${revision}&run=${encodeURIComponent(run)}`;
  const patient = setTimeout(() => liveState("live", "Live"), SOON);
  try {
    const answer = await fetch(`${path}?${query}`, { cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const delta = await answer.json();
    liveState("live", "Live");
    return delta;
  } finally {
    clearTimeout(patient);
  }
}

function beginAnew() {
  writeAddress("", "replace");
  location.reload();
}

/** Whether the nodes were started anew: what is drawn is then of the past. */
function isOfAnotherRun(delta) {
  const before = page.story.run;
  return before !== undefined && delta.run !== undefined && before !== delta.run;
}

function liveState(state, words) {
  const place = document.getElementById("live-state");
  if (!place || place.dataset.state === state) return;
  place.dataset.state = state;
  place.firstChild.textContent = words;
}

/** Take in what is new, draw it, and follow it where the reader is at the end. */
function receive(delta) {
  tellOfRecordings(delta);
  const atEnd = chosenAddress === "" || chosenAddress === lastAddress();
  const changed = merge(page.story, delta);
  if (changed.size === 0) return;
  for (const [act, numbers] of changed) redraw(act, numbers);
  forgetOldest(page.story);
  refreshHead();
  if (page.wanted && findChosen(page.wanted)) choose(page.wanted);
  else if (atEnd && isFollowing() && chosenAddress !== lastAddress()) go("last");
  else refreshChosen(changed);
  page.wanted = "";
}

/** The address of the newest step, or nothing. */
function lastAddress() {
  const steps = shownSteps();
  return steps.length > 0 ? `#step-${steps[steps.length - 1].number}` : "";
}

/**
 * Take what is new into the story.
 *
 * @returns {Map<object, Set<string>>} the acts that changed, and in each the steps that did
 */
function merge(story, delta) {
  for (const name of ["certificates", "rules", "sources", "glossary"]) {
    story[name] = Object.assign(story[name] || {}, delta[name] || {});
  }
  for (const name of ["revision", "run", "made_at", "parties"]) {
    if (delta[name] !== undefined) story[name] = delta[name];
  }
  const changed = new Map();
  for (const act of delta.acts || []) {
    const known = story.acts.find((each) => each.number === act.number);
    if (known) changed.set(known, mergeSteps(known, act));
    else {
      story.acts.push(act);
      changed.set(act, new Set(act.steps.map((step) => step.number)));
    }
  }
  story.acts.sort((one, other) => one.number - other.number);
  for (const act of delta.acts || []) for (const step of act.steps) noteConnections(story, step);
  return changed;
}

/** An act whose steps are new or changed; what else it says replaces what it said. */
function mergeSteps(known, act) {
  for (const step of act.steps) {
    const place = known.steps.findIndex((each) => each.number === step.number);
    if (place < 0) known.steps.push(step);
    else known.steps[place] = step;
  }
  const { steps: _, ...rest } = act;
  Object.assign(known, rest);
  return new Set(act.steps.map((step) => step.number));
}

/** Draw what is new of an act; all of it where somebody has joined in. */
function redraw(act, numbers) {
  document.getElementById("nothing-yet")?.remove();
  const before = document.getElementById(`act-${act.number}`);
  const lanes = lanesOf(page.story, act);
  if (!before) document.getElementById("picture").append(actElement(page.story, act));
  else if (before.dataset.lanes !== laneNames(lanes)) redrawAct(before, act);
  else redrawSteps(before, act, lanes, numbers);
  markChosen(findChosen(chosenAddress));
}

function redrawAct(before, act) {
  const after = actElement(page.story, act);
  if (before.classList.contains("folded")) setFolded(after, true);
  before.replaceWith(after);
}

function redrawSteps(section, act, lanes, numbers) {
  const list = section.querySelector(".steps");
  for (const step of act.steps.filter(({ number }) => numbers.has(number))) {
    const after = stepElement(page.story, lanes, step);
    if (rowOf(step)) replaceRow(rowOf(step), after);
    else list.append(after);
  }
  section.querySelector(".tally").replaceWith(actTally(act));
  section.querySelector(".lanes")?.replaceWith(laneCaptions(lanes));
}

function replaceRow(before, after) {
  const focused = before.contains(document.activeElement);
  before.replaceWith(after);
  if (focused) after.querySelector(".step-link").focus({ preventScroll: true });
}

function rowOf(step) {
  return document.getElementById(`step-${step.number}`);
}

/** What is chosen may be what has changed. */
function refreshChosen(changed) {
  const chosen = findChosen(chosenAddress);
  if (!chosen) return;
  const numbers = changed.get(chosen.act);
  if (numbers && (!chosen.step || numbers.has(chosen.step.number))) showAgain(chosen);
  else document.getElementById("pane-place").textContent = placeInWords(chosen);
}

function isFollowing() {
  return document.getElementById("follow").getAttribute("aria-pressed") === "true";
}

/** What to do where nothing has happened yet. */
function nothingYet() {
  return el("div", { class: "nothing-yet", id: "nothing-yet" },
    el("h2", {}, "Nothing has happened yet"),
    el("p", {}, "What the nodes do appears here as it happens. Set something going:"),
    el("ul", {},
      el("li", {}, "in the browser: ", el("a", { href: page.client }, "connect a bank"), ";"),
      el("li", {}, "on the command line: ", el("code", {}, ".venv/bin/python -m client_node accounts"),
        " (with ", el("code", {}, "--config"), " and its file, if the client was started with one).")),
    el("p", {}, "Most requests that appear here can be copied as lines of curl. Or read ", el("a", { href: page.demo },
      "what the demo recorded"), "."));
}
