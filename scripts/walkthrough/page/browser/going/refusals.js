// The filter: of all steps those alone in which somebody was refused, or a thief was not.

/** Whether somebody was refused in a step, also where an answer only says no. */
function hasRefusal(step) {
  return [...everyExchange(step.exchanges)].some((exchange) => isRefused(exchange) || Boolean(firstRefused(exchange)) ||
    isInactive(exchange.response));
}

/** Whether the filter keeps a step: a refusal, or a theft that should have been one. */
function isRefusalOrTheft(step) {
  return hasRefusal(step) || isRobbery(step);
}

function refusalsAlone() {
  return document.body.classList.contains("refusals-only");
}

/** The steps that the picture shows. */
function shownSteps() {
  return allSteps(page.story).filter(isShown);
}

function isShown(step) {
  return !refusalsAlone() || isRefusalOrTheft(step);
}

function refusalsButton() {
  return el("button", { type: "button", id: "refusals", class: "signed", "aria-pressed": "false",
    onclick: () => showRefusalsAlone(!refusalsAlone()) }, icon("filter"), el("span", {}, "Refusals and thefts"));
}

function showRefusalsAlone(on) {
  document.body.classList.toggle("refusals-only", on);
  document.getElementById("refusals").setAttribute("aria-pressed", String(on));
  if (on) for (const row of document.querySelectorAll(".act.folded:has(.refusal-or-theft)")) setFolded(row, false);
  nameFolding();
  const shown = shownSteps().length;
  announce(on ? `${shown} of ${allSteps(page.story).length} steps: those with a refusal or a theft` : `All ${shown} steps`);
  const chosen = findChosen(chosenAddress);
  const place = chosen && placeIn(chosen);
  if (place) bringIntoView(place);
  else if (on) document.querySelector(".act:has(.refusal-or-theft)")?.scrollIntoView({ block: "start" });
}
