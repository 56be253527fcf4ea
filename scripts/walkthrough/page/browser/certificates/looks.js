// One look for each certificate, wherever it occurs.
// The colour never says it alone: a monogram, a name and a thumbprint go with it.

const COLOURS = 14; // in walkthrough.css: cert-1 to cert-14

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
  const servers = certificatesOf(story.acts, (e) => [e.handshake.server_certificate]);
  const thieves = certificatesOf(story.acts,
    (e) => e.client_lane === "thief" && !e.handshake.failure && [e.handshake.client_certificate]);
  // A demo casts its thief; what just happens has one only in the step where he steals.
  const isCast = (story.parties || []).length > 0;
  const shown = story.acts.map((act) => certificatesOf([act], ofClients));
  for (const x5t of mostSeenFirst(story)) {
    if (looks.has(x5t)) continue;
    const name = certificateName(story, x5t);
    const thief = isCast && (thieves.has(x5t) || /^(rogue-|other-tpp)/.test(name));
    const taken = new Set([...looks.values()].map((look) => look.monogram));
    let colour = `cert-${freestColour(x5t, shown, looks)}`;
    if (thief) colour = "cert-thief";
    else if (servers.has(x5t) || isForServers(story, x5t)) colour = "cert-server";
    looks.set(x5t, { colour, monogram: monogram(name, taken), name, thief });
  }
}

/** The client's certificates in an exchange, and those its tokens are bound to. */
function ofClients(exchange) {
  const { client_certificate: sent, client_sent_after: after } = exchange.handshake;
  return [sent, ...(after || []), ...(exchange.tokens || []).map((token) => token.bound_to)];
}

/**
 * A colour that no certificate has which is shown in the same act, as long as there is
 * one: of those that are left the one that the fewest have.
 */
function freestColour(x5t, shown, looks) {
  const beside = new Set(shown.filter((each) => each.has(x5t)).flatMap((each) => [...each]));
  const uses = Array.from({ length: COLOURS }, () => 0);
  for (const [each, { colour }] of looks) {
    const number = Number(/^cert-(\d+)$/.exec(colour)?.[1] || 0);
    if (number) uses[number - 1] += beside.has(each) ? 1000 : 1;
  }
  return uses.indexOf(Math.min(...uses)) + 1;
}

/** All certificates, those first that are sent in most acts. */
function mostSeenFirst(story) {
  const sent = story.acts.map((act) => certificatesOf([act], (e) => [e.handshake.client_certificate]));
  // Servers come before all, for the letters' sake: they are in every act.
  const often = (x5t) => (isForServers(story, x5t) ? Infinity : sent.filter((each) => each.has(x5t)).length);
  const place = new Map(Object.keys(story.certificates || {}).map((x5t) => [x5t, often(x5t)]));
  return [...place.keys()].sort((one, other) => place.get(other) - place.get(one) || 0);
}

/** Whether a certificate is good for a server and for nobody else. */
function isForServers(story, x5t) {
  const { usage, holder } = story.certificates[x5t];
  return usage === "serverAuth" && !/^rogue-/.test(holder);
}

/** The certificates that *choose* lists for the exchanges of some acts. */
function certificatesOf(acts, choose) {
  const found = new Set();
  const look = (exchange) => {
    for (const x5t of choose(exchange) || []) if (x5t) found.add(x5t);
    (exchange.nested || []).forEach(look);
  };
  acts.forEach((act) => act.steps.forEach((step) => (step.exchanges || []).forEach(look)));
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
