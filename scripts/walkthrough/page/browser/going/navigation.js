// Going from step to step: by click, key, address and the browser's way back.

/** The address of what is chosen: `#step-2.1`, `#act-2`, `#check-…`, or nothing. */
let chosenAddress = "";

/** The step that was chosen last, from which the keys go on. */
let lastStep = null;

/**
 * Choose what an address names: a step, an act, a check, a rule, or nothing.
 *
 * @param {string} address
 * @param {{history?: "push" | "replace" | "", focus?: boolean}} [how]
 */
function choose(address, { history: writing = "replace", focus = false } = {}) {
  const chosen = findChosen(address);
  if (chosen?.step && !isShown(chosen.step)) showRefusalsAlone(false);
  const before = chosenAddress;
  chosenAddress = chosen ? addressOfChosen(chosen) : "";
  const moved = chosenAddress !== before;
  if (chosen?.step) lastStep = chosen.step;
  if (moved) markChosen(chosen);
  showChosen(chosen);
  if (writing && moved) writeAddress(chosenAddress, writing);
  if (!chosen) return;
  announce(spoken(chosen));
  const place = placeIn(chosen);
  if (!place) return void (focus && document.getElementById("chosen").focus({ preventScroll: true }));
  unfold(chosen.act.number);
  bringIntoView(place);
  if (focus) focusOn(place);
}

function spoken({ act, step, check, rule }) {
  if (check) return `Check ${check}`;
  if (rule) return rule;
  if (!step) return `Act ${act.number}: ${act.title}`;
  const { words } = verdictOf(step);
  const said = [step.title, isRobbery(step) && "the thief succeeds", words].filter(Boolean);
  return `Step ${step.number}: ${said.join(", ")}`;
}

function markChosen(chosen) {
  for (const link of document.querySelectorAll("#picture [aria-current]")) {
    link.removeAttribute("aria-current");
    link.closest(".step, .act").classList.remove("current");
  }
  const place = chosen && placeIn(chosen);
  if (!place) return;
  const link = place.querySelector(chosen.step ? ".step-link" : ".act-about");
  link.setAttribute("aria-current", chosen.step ? "step" : "true");
  place.classList.add("current");
}

/** Where something is drawn; checks and rules are drawn nowhere. */
function placeIn({ act, step }) {
  return act && document.getElementById(step ? `step-${step.number}` : `act-${act.number}`);
}

/** Scroll to a row or an act, unless the step is shown in place of the picture. */
function bringIntoView(place) {
  if (place.querySelector("a").offsetParent === null) return;
  let moving = place.classList.contains("act");
  let times = 6;
  // Rows get their true heights when they come into sight, and what is below them moves.
  const scroll = () => {
    if (!place.classList.contains("current")) return;
    moving ||= !isInSight(place);
    if (moving) place.scrollIntoView({ block: "start" });
    times -= 1;
    if (times > 0) requestAnimationFrame(scroll);
  };
  scroll();
}

/** Whether all of a row is seen, below what sticks to the top. */
function isInSight(place) {
  const { top, bottom } = place.getBoundingClientRect();
  return top >= Number.parseFloat(getComputedStyle(place).scrollMarginTop) - 1 && bottom <= innerHeight;
}

function focusOn(place) {
  const inPlace = document.body.classList.contains("reading") && isNarrow();
  const target = inPlace ? document.getElementById("chosen") : place.querySelector("a.step-link, a");
  if (target) target.focus({ preventScroll: true });
}

/** An address that can be shared and gone back to, where the browser lets us write it. */
function writeAddress(address, writing) {
  const url = address || location.pathname + location.search;
  try {
    if (writing === "push") history.pushState(null, "", url);
    else history.replaceState(null, "", url);
  } catch {
    location.hash = address;
  }
}

/** Go *by* steps from the chosen one, or to the first or last of all. */
function go(where, how = {}) {
  const steps = shownSteps();
  if (steps.length === 0) return;
  const last = steps.length - 1;
  const next = { first: 0, last }[where] ?? beside(placeOf(), where);
  const step = steps[Math.min(Math.max(next, 0), last)];
  choose(`#step-${step.number}`, how);
}

function beside(place, by) {
  return by > 0 ? Math.floor(place + by) : Math.ceil(place + by);
}

/**
 * The place of the chosen step among those that are shown, or between which two it is; of
 * an act it is just before its first step, of a check or a rule that of the step before.
 */
function placeOf() {
  const chosen = findChosen(chosenAddress);
  if (!chosen) return -1;
  const all = allSteps(page.story);
  const isAct = chosen.act && !chosen.step;
  const { number } = (isAct ? chosen.act.steps[0] : chosen.step || lastStep) || {};
  const at = all.findIndex((each) => each.number === number);
  const before = all.slice(0, Math.max(at, 0)).filter(isShown).length;
  return at < 0 || isAct || !isShown(all[at]) ? before - 0.5 : before;
}

const KEYS = {
  ArrowLeft: -1, ArrowUp: -1, k: -1,
  ArrowRight: 1, ArrowDown: 1, j: 1,
  Home: "first", End: "last",
};

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "/" && !needsItself(event.target, event.key)) {
    event.preventDefault();
    return void openSearch();
  }
  if (event.shiftKey) return;
  if (event.key === "Escape" && isNarrow()) return void choose("", { history: "push" });
  const where = KEYS[event.key];
  if (where === undefined || needsItself(event.target, event.key)) return;
  event.preventDefault();
  const active = document.activeElement;
  const focus = active === document.body || Boolean(active.closest("#picture"));
  go(where, { focus });
}

/** Whether a key is for what has the focus: a form, or something that scrolls with it. */
function needsItself(target, key) {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select, [contenteditable], .menu")) return true;
  if (["j", "k", "/"].includes(key)) return false;
  const scrolls = target.closest("[tabindex='0']");
  if (scrolls && scrolls.id !== "chosen") return true;
  const sideways = key === "ArrowLeft" || key === "ArrowRight";
  return !sideways && Boolean(target.closest("#chosen"));
}

function onClick(event) {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target instanceof Element && event.target.closest("a[href^='#']");
  if (!link) return;
  const address = link.getAttribute("href");
  if (!findChosen(address)) return;
  event.preventDefault();
  document.getElementById("acts-menu").open = false;
  choose(address, { history: "push", focus: true });
}

/** Fold or unfold an act. */
function setFolded(section, folded) {
  const body = section.querySelector(".act-body");
  section.querySelector(".fold").setAttribute("aria-expanded", String(!folded));
  if (folded) body.setAttribute("hidden", "until-found");
  else body.removeAttribute("hidden");
  section.classList.toggle("folded", folded);
}

function unfold(number) {
  const section = document.getElementById(`act-${number}`);
  if (section && section.classList.contains("folded")) setFolded(section, false);
}

function isNarrow() {
  return !matchMedia("(min-width: 1000px)").matches;
}
