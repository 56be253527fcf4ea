"use strict";

// On paper everything is unfolded, and every step is followed by all that is known of it.

/** What was folded when printing began. */
let foldedOnScreen = [];

function beforePrint() {
  if (document.body.classList.contains("printing")) return;
  document.body.classList.add("printing");
  foldedOnScreen = [...document.querySelectorAll(".act.folded")];
  for (const section of foldedOnScreen) setFolded(section, false);
  for (const act of page.story.acts) {
    for (const step of act.steps) {
      const row = document.getElementById(`step-${step.number}`);
      if (row) row.append(el("div", { class: "printed" }, stepView(page.story, step, act)));
    }
  }
}

function afterPrint() {
  document.body.classList.remove("printing");
  for (const printed of document.querySelectorAll(".printed")) printed.remove();
  for (const section of foldedOnScreen) setFolded(section, true);
  foldedOnScreen = [];
}
