// Certificates as chips and tokens as tickets, in the look of the certificate.

/**
 * A certificate as a chip: monogram, holder, the first characters of its thumbprint.
 *
 * @param {object} story
 * @param {string | null} x5t the x5t#S256; null is no certificate at all
 * @param {{small?: boolean}} [how]
 */
function certificateChip(story, x5t, { small = false } = {}) {
  if (!x5t) {
    return el("span", { class: `chip cert-none${small ? " small" : ""}` },
      el("span", { class: "monogram", "aria-hidden": "true" }, "–"),
      el("span", { class: "chip-name" }, "no certificate"));
  }
  const look = certificateLook(story, x5t);
  const certificate = story.certificates[x5t] || { subject: "" };
  return el("span", { class: `chip ${look.colour}${small ? " small" : ""}`,
    title: `${look.name}: ${certificate.subject}\nx5t#S256 ${x5t}` },
    unseen(look.thief ? "certificate of a thief, " : "certificate of "),
    el("span", { class: "monogram", "aria-hidden": "true" }, look.monogram),
    chipName(look.name),
    " ",
    el("code", { class: "chip-thumbprint" }, `${x5t.slice(0, small ? 4 : 8)}…`));
}

/** A holder's name: where it is shortened, what tells it from another stays: "(renewed)". */
function chipName(name) {
  const [, stem, qualifier] = /^(.+?)( \([^()]{1,12}\))?$/s.exec(name) || [null, name];
  return [el("span", { class: "chip-name" }, stem), qualifier && el("span", { class: "chip-qualifier" }, qualifier)];
}

function isSeen(story, x5t) {
  return Boolean(x5t) && Object.hasOwn(story.certificates || {}, x5t);
}

/** A token that is good for its client alone, whatever certificate that has today. */
function clientsTicket(form, title = "") {
  return el("span", { class: "ticket of-client", title },
    el("span", { class: "ticket-form" }, form),
    el("span", { class: "monogram", "aria-hidden": "true" }, icon("client")),
    unseen(" token, bound to the client, which has to authenticate"));
}

/** A token that is bound to nothing, or to nothing that was seen. */
function strangeTicket(token, form) {
  if (token.bound_to_client) return clientsTicket(form, `${form}: bound to the client\n${token.known_by}`);
  const [letters, said] = token.bound_to
    ? ["≠", "bound to a thumbprint that no certificate here has"]
    : token.known_by ? ["∅", "bound to no certificate"] : ["?", "nothing seen says what it is bound to"];
  return el("span", { class: "ticket cert-none", title: `${form}: ${said}\n${token.bound_to || token.known_by}` },
    el("span", { class: "ticket-form" }, form),
    el("span", { class: "monogram", "aria-hidden": "true" }, letters),
    unseen(` token, ${said}`));
}

/**
 * A token as a ticket, in the colour of the certificate it is bound to.
 *
 * @param {object} story
 * @param {{form: string, bound_to: string, known_by: string}} token
 */
function tokenTicket(story, token) {
  const form = token.form || "token";
  if (!isSeen(story, token.bound_to)) return strangeTicket(token, form);
  const look = certificateLook(story, token.bound_to);
  return el("span", { class: `ticket ${look.colour}`,
    title: `${form}, bound to ${look.name}'s certificate\nx5t#S256 ${token.bound_to}` },
    el("span", { class: "ticket-form" }, form),
    el("span", { class: "monogram", "aria-hidden": "true" }, look.monogram),
    unseen(` token, bound to the certificate of ${look.name}`));
}
