// The pane that shows what is chosen, and the bar above it.

/** Made once: the bar stays, what is below it changes. */
function chosenPane(pane) {
  pane.append(
    el("h2", { class: "unseen", id: "pane-title" }, "The chosen step"),
    el("div", { class: "pane-bar" },
      el("button", { type: "button", id: "back", onclick: backToPicture }, icon("previous"), "Picture"),
      el("span", { class: "pane-place", id: "pane-place" }),
      el("button", { type: "button", id: "previous", onclick: () => go(-1) },
        icon("previous"), unseen("Previous step")),
      el("button", { type: "button", id: "next", onclick: () => go(1) },
        icon("next"), unseen("Next step")),
      copyButton(() => wholeAddress(chosenAddress), "Copy link", "link")),
    el("div", { id: "view" }));
}

/** Show a step, an act, or how to read the picture. */
function showChosen(chosen) {
  fillPane(chosen);
  document.getElementById("chosen").scrollTop = 0;
  if (chosen && isNarrow()) window.scrollTo(0, 0);
}

/** Show what has changed, as far as the reader has unfolded it, and at the same place. */
function showAgain(chosen) {
  const pane = document.getElementById("chosen");
  const view = document.getElementById("view");
  const states = stateOfFolds(view);
  const places = [pane.scrollTop, window.scrollY];
  fillPane(chosen);
  restoreFolds(view, states);
  pane.scrollTop = places[0];
  if (isNarrow()) window.scrollTo(0, places[1]);
}

function fillPane(chosen) {
  document.body.classList.toggle("reading", chosen !== null);
  document.getElementById("view").replaceChildren(viewOf(chosen));
  document.getElementById("pane-place").textContent = placeInWords(chosen);
  document.getElementById("chosen").classList.toggle("nothing", chosen === null);
}

function viewOf(chosen) {
  if (!chosen) return welcome();
  if (chosen.check) return checkView(page.story, chosen.check);
  if (chosen.rule) return ruleView(page.story, chosen.rule);
  return chosen.step
    ? unlessItFails(chosen.step, () => stepView(page.story, chosen.step, chosen.act))
    : actView(page.story, chosen.act);
}

function placeInWords(chosen) {
  if (!chosen) return "";
  if (chosen.check) return "A check";
  if (chosen.rule) return "A rule";
  if (!chosen.step) return `Act ${chosen.act.number} of ${page.story.acts.length}`;
  const steps = allSteps(page.story);
  return `${steps.indexOf(chosen.step) + 1} of ${steps.length} steps`;
}

/** On a small screen the step stands in place of the picture: go back to its row. */
function backToPicture() {
  const place = document.getElementById(chosenAddress.slice(1)) || (lastStep && rowOf(lastStep));
  choose("", { history: "push" });
  if (!place) return;
  place.scrollIntoView({ block: "center" });
  place.querySelector("a").focus({ preventScroll: true });
}
