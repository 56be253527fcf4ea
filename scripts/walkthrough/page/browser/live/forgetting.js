// What a page that stays open forgets: it shows the newest steps, not all there ever were.

const MOST_STEPS_SHOWN = 600; // twice as many as the banking client keeps

/** Forget the oldest steps, but for the one that is being read; and say so. */
function forgetOldest(story) {
  const steps = allSteps(story);
  const reading = findChosen(chosenAddress)?.step;
  const old = new Set(steps.slice(0, Math.max(steps.length - MOST_STEPS_SHOWN, 0)).filter((step) => step !== reading));
  if (old.size === 0) return;
  for (const act of story.acts) forgetSteps(act, old);
  story.acts = story.acts.filter((act) => act.steps.length > 0);
  forgetCertificates(story);
  story.forgotten = (story.forgotten || 0) + old.size;
  document.getElementById("forgotten")?.remove();
  document.getElementById("picture").prepend(el("p", { class: "forgotten", id: "forgotten" },
    `Of what happened before, ${story.forgotten} ${story.forgotten === 1 ? "step is" : "steps are"} no longer shown.`));
}

/** Out of an act, and out of the picture, with the act itself where none is left. */
function forgetSteps(act, old) {
  const gone = act.steps.filter((step) => old.has(step));
  if (gone.length === 0) return;
  act.steps = act.steps.filter((step) => !old.has(step));
  const section = document.getElementById(`act-${act.number}`);
  if (act.steps.length === 0) return void section?.remove();
  for (const step of gone) {
    rowOf(step)?.remove();
    forgetConnections(page.story, step);
  }
  section?.querySelector(".tally").replaceWith(actTally(act));
}

/** A certificate that no step shows any more, and how it looked. */
function forgetCertificates(story) {
  const shown = certificatesOf(story.acts, (exchange) => [...ofClients(exchange), exchange.handshake.server_certificate]);
  for (const x5t of Object.keys(story.certificates)) {
    if (shown.has(x5t)) continue;
    delete story.certificates[x5t];
    looksOfStories.get(story)?.delete(x5t);
  }
}
