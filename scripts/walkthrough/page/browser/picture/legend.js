// How to read the picture, in as few words as it takes.

/** The signs of the picture, each with what it says. */
function legend() {
  return el("dl", { class: "legend" },
    sign(sampleChip("cert-1", "AB", "holder"),
      "A certificate: the same colour and letters wherever it occurs."),
    sign(sampleTicket("cert-1", "AB"),
      "A token, in the colour of the certificate it is bound to."),
    sign(sampleTicket("cert-none", "∅"),
      "A token that is bound to no certificate: whoever has it may use it."),
    sign(clientsTicket("refresh"),
      "A token that is bound to the client, which has to authenticate."),
    sign(sampleChip("cert-thief", "OT", "thief"),
      "A thief's certificate, with a broken edge."),
    sign(el("span", { class: "binding-sign same" }, icon("linked")),
      "The server compared: the token comes with its own certificate."),
    sign(el("span", { class: "binding-sign other" }, icon("broken")),
      "The server found that it does not come with its own certificate."),
    sign(el("span", { class: "binding-sign" }, icon("unbound")),
      "The token is bound to nothing, so there was nothing to compare."),
    sign(el("span", { class: "binding-sign" }, icon("uncompared")),
      "The token is bound, and nobody compared."),
    sign(el("span", { class: "check accepted" }, icon("passed")),
      "A check that the server made, and that passed."),
    sign(el("span", { class: "legend-refusal" }, icon("refused"), "401"),
      "A refusal: the server said no."),
    sign(el("span", { class: "verdict passed" }, icon("passed")),
      "This is what was expected to come."),
    sign(el("span", { class: "verdict held" }, icon("held")),
      "So is this: a refusal was expected, and came."),
    sign(el("span", { class: "harm" }, icon("thief")),
      "A thief gets what he asks for, and no rule is broken."),
    sign(el("span", { class: "verdict wrong" }, icon("wrong")),
      "This is not what was expected."));
}

function sign(drawn, says) {
  return el("div", {}, el("dt", {}, drawn), el("dd", {}, says));
}

function sampleChip(colour, letters, name) {
  return el("span", { class: `chip small ${colour}` },
    el("span", { class: "monogram" }, letters), el("span", { class: "chip-name" }, name));
}

function sampleTicket(colour, letters) {
  return el("span", { class: `ticket ${colour}` },
    el("span", { class: "ticket-form" }, "JWT"), el("span", { class: "monogram" }, letters));
}

/** What is shown where no step is chosen yet. */
function welcome() {
  return el("div", { class: "welcome" },
    el("h2", {}, "How to read the picture"),
    el("p", {}, "Time runs downwards. Every row is a step that really happened, as the ",
      "nodes recorded it: a handshake, a request, what the server checked, its answer. ",
      "Choose one, and all that is known about it is shown here."),
    fold("The signs", legend, { open: true }),
    el("p", { class: "keys" }, el("kbd", {}, "/"), " search, ", el("kbd", {}, "←"), " ", el("kbd", {}, "→"),
      " previous and next step, ", el("kbd", {}, "Home"), " ", el("kbd", {}, "End"),
      " first and last."),
    howToPrint());
}

function howToPrint() {
  return el("p", { class: "keys" }, "Printed, a folded act is its heading alone, and an unfolded one comes ",
    "with all its steps. For everything: unfold all, then print.");
}
