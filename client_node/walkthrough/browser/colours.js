"use strict";

// One look for each certificate, wherever it occurs, and for the tokens bound to it.
// The colour never says it alone: a monogram, a name and a thumbprint go with it.

const COLOURS = 8;

/** @type {WeakMap<object, Map<string, object>>} */
const looksOfStories = new WeakMap();

/**
 * How a certificate looks: the class of its colour, its monogram, its holder's name.
 *
 * Looks are given to those first that most acts show, so that they share their colour
 * with none, and kept: a certificate that comes later, live, changes no other.
 *
 * @returns {{colour: string, monogram: string, name: string, thief: boolean}}
 */
function certificateLook(story, x5t) {
  let looks = looksOfStories.get(story);
  if (!looks) looksOfStories.set(story, (looks = new Map()));
  if (!looks.has(x5t)) giveLooks(story, looks);
  return looks.get(x5t) || { colour: "cert-none", monogram: "?", name: "unknown", thief: false };
}

function giveLooks(story, looks) {
  const servers = certificatesOf(story, (e) => e.handshake.server_certificate);
  const thieves = certificatesOf(story, (e) => e.client_lane === "thief" && e.handshake.client_certificate);
  for (const x5t of mostSeenFirst(story)) {
    if (looks.has(x5t)) continue;
    const name = certificateName(story, x5t);
    const thief = thieves.has(x5t) || /^(rogue-|other-tpp)/.test(name);
    const taken = new Set([...looks.values()].map((look) => look.monogram));
    const numbered = [...looks.values()].filter((look) => /\d$/.test(look.colour)).length;
    let colour = `cert-${(numbered % COLOURS) + 1}`;
    if (thief) colour = "cert-thief";
    else if (servers.has(x5t) || isForServers(story, x5t)) colour = "cert-server";
    looks.set(x5t, { colour, monogram: monogram(name, taken), name, thief });
  }
}

function mostSeenFirst(story) {
  const acts = new Map();
  for (const act of story.acts) {
    const seen = certificatesOf({ acts: [act] }, (e) => e.handshake.client_certificate);
    for (const x5t of seen) acts.set(x5t, (acts.get(x5t) || 0) + 1);
  }
  // Servers come before all, for the letters' sake: they are in every act.
  const often = (x5t) => (isForServers(story, x5t) ? Infinity : acts.get(x5t) || 0);
  return Object.keys(story.certificates || {}).sort((one, other) => (often(one) === often(other) ? 0 : often(other) - often(one)));
}

/** Whether a certificate is good for a server and for nobody else. */
function isForServers(story, x5t) {
  const { usage, holder } = story.certificates[x5t];
  return usage === "serverAuth" && !/^rogue-/.test(holder);
}

/** The certificates that *choose* finds in the exchanges of a story. */
function certificatesOf(story, choose) {
  const found = new Set();
  const look = (exchange) => {
    found.add(choose(exchange));
    (exchange.nested || []).forEach(look);
  };
  for (const act of story.acts) {
    for (const step of act.steps) (step.exchanges || []).forEach(look);
  }
  return found;
}

/** Whom a certificate belongs to: its holder, or else the common name in it. */
function certificateName(story, x5t) {
  const certificate = (story.certificates || {})[x5t];
  if (!certificate) return "unknown";
  if (certificate.holder && certificate.holder !== "unknown") return certificate.holder;
  const common = /(?:^|,)CN=((?:\\.|[^,])*)/.exec(certificate.subject || "");
  return common ? common[1] : "unknown";
}

/** Two letters, the second a digit where they are taken. */
function monogram(name, taken) {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const first = words.length > 1 ? words[0][0] + words[1][0] : (words[0] || "?").slice(0, 2);
  let letters = first.toUpperCase();
  for (let n = 2; taken.has(letters); n += 1) letters = letters[0] + n;
  return letters;
}

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
    el("span", { class: "chip-name" }, look.name),
    " ",
    el("code", { class: "chip-thumbprint" }, `${x5t.slice(0, small ? 4 : 8)}…`));
}

function isSeen(story, x5t) {
  return Boolean(x5t) && Object.hasOwn(story.certificates || {}, x5t);
}

/** A token that is bound to nothing, or to nothing that was seen. */
function strangeTicket(token, form) {
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
