// Something worked out from the recordings: its lines, and a thumbprint among them byte
// by byte.

function derivationView(story, step) {
  return el("section", { class: "derived" },
    headingOf(STEP_LEVEL + 1, {}, "Worked out from the recordings"),
    derivedLines(story, step.derivation),
    step.worked_out_by && decidedBy(story, step.worked_out_by, "Worked out by "),
    !(step.exchanges || []).length && derivedThumbprint(story, step.derivation));
}

function derivedLines(story, lines) {
  const rows = lines.map(([name, value]) => [
    el("code", {}, name), derivedLine(story, name, value), meaningOf(story, name)]);
  return meaningsTable("What was worked out", "name", rows, "derived-lines");
}

function derivedLine(story, name, value) {
  const parsed = valueOfJson(value);
  const isClaim = isObject(parsed) || (TIMES.has(name) && typeof parsed === "number");
  return claimValue(story, { started: 0 }, name, isClaim ? parsed : value);
}

function derivedThumbprint(story, lines) {
  const isKnown = ([, value]) => Object.hasOwn(story.certificates || {}, value);
  const own = lines.find(isKnown);
  if (!own) return null;
  const others = lines.filter(([name, value]) => name.startsWith("cnf") && looksLikeThumbprint(value))
    .map(([name, value]) => ({ value, from: [name], mistake: "", standing: "compared" }));
  return fold("The thumbprint, byte by byte", () => thumbprintDerivation(story, own[1], others, STEP_LEVEL + 2),
    { level: STEP_LEVEL + 1, open: true, kind: "block thumbprint" });
}
