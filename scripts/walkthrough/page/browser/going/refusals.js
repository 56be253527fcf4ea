// The filter: of all steps those alone in which somebody was refused.

/** Whether somebody was refused in a step, also where an answer only says no. */
function hasRefusal(step) {
  return [...everyExchange(step.exchanges)].some((exchange) => isRefused(exchange) || Boolean(firstRefused(exchange)) ||
    isInactive(exchange.response));
}

function refusalsAlone() {
  return document.body.classList.contains("refusals-only");
}

/** The steps that the picture shows. */
function shownSteps() {
  return allSteps(page.story).filter(isShown);
}

function isShown(step) {
  return !refusalsAlone() || hasRefusal(step);
}

function refusalsButton() {
  return el("button", { type: "button", id: "refusals", class: "signed", "aria-pressed": "false",
    onclick: () => showRefusalsAlone(!refusalsAlone()) }, icon("refused"), el("span", {}, "Refusals only"));
}

function showRefusalsAlone(on) {
  document.body.classList.toggle("refusals-only", on);
  document.getElementById("refusals").setAttribute("aria-pressed", String(on));
  if (on) for (const row of document.querySelectorAll(".act.folded:has(.with-refusal)")) setFolded(row, false);
  nameFolding();
  const shown = shownSteps().length;
  announce(on ? `${shown} of ${allSteps(page.story).length} steps: those with a refusal` : `All ${shown} steps`);
  const chosen = findChosen(chosenAddress);
  const place = chosen && placeIn(chosen);
  if (place) bringIntoView(place);
  else if (on) document.querySelector(".act:has(.with-refusal)")?.scrollIntoView({ block: "start" });
}
