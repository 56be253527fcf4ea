// On paper there is what is unfolded: of a folded act its heading and what it is about, of
// an unfolded one its picture and, under each row of it, the step in short.

function beforePrint() {
  if (document.body.classList.contains("printing")) return;
  document.body.classList.add("printing");
  const chosen = findChosen(chosenAddress)?.step;
  const unfolded = foldsOpenedByReader(document.getElementById("view"));
  for (const act of page.story.acts) {
    const section = document.getElementById(`act-${act.number}`);
    if (section?.classList.contains("folded")) {
      section.append(el("p", { class: "printed act-says" }, act.says));
      continue;
    }
    for (const step of act.steps) {
      const row = document.getElementById(`step-${step.number}`);
      row?.append(printedStep(page.story, step, step === chosen ? unfolded : []));
    }
  }
  showLegend(true);
}

function afterPrint() {
  document.body.classList.remove("printing");
  for (const printed of document.querySelectorAll(".printed")) printed.remove();
  showLegend(false);
}

/** A legend that only the paper shows is closed again. */
function showLegend(printing) {
  const legend = document.querySelector(".how");
  if (printing && !legend.open) legend.dataset.closed = "true";
  legend.open = printing || !legend.dataset.closed;
  if (!printing) delete legend.dataset.closed;
}
