// A token, opened: the three parts of a JWT beside what each says, or for an opaque one
// all that can be said.

const JWT_PARTS = ["header", "claims", "signature"];

/**
 * The tokens in a message, each with where it stood.
 *
 * @param {object} exchange
 * @param {"request" | "response"} place
 * @param {[string, any][]} values names and values of the message: fields, parameters
 */
function tokensIn(story, exchange, place, values, level) {
  const known = (exchange.tokens || []).filter((token) => token.place === place);
  const shown = new Set();
  const views = values.map(([name, value]) => {
    const text = String(value);
    const token = known.find((each) => each.value && text.includes(each.value));
    const bare = token ? token.value : text.replace(/^(?:Bearer|DPoP) +/i, "");
    if (shown.has(bare)) return null;
    const jwt = decodedJwt(bare);
    if (!jwt && !token) return null;
    shown.add(bare);
    return jwt ? jwtView(story, exchange, name, jwt, token, level) : opaqueView(story, name, token);
  });
  return views.filter(Boolean);
}

function jwtView(story, exchange, name, jwt, token, level) {
  const thumbprint = confirmedThumbprint(jwt.claims);
  const named = typeof thumbprint === "string" ? thumbprint : "";
  const bound = { form: "JWT", bound_to: token?.bound_to || named, known_by: token?.known_by || "cnf" };
  const isAccessToken = Boolean(token) || thumbprint !== undefined;
  return fold(`${name}, decoded`, () => el("div", { class: "jwt" },
    jwtPart(0, jwt.raw[0], claimsTable(story, exchange, "The header", jwt.header), level),
    jwtPart(1, jwt.raw[1], claimsTable(story, exchange, "The claims", jwt.claims), level),
    jwtPart(2, jwt.raw[2], signatureBytes(jwt.signature), level)), {
    open: true,
    level,
    kind: "token",
    aside: isAccessToken ? [tokenTicket(story, bound), " ", boundInWords(story, bound)] : "a JWT",
  });
}

function jwtPart(n, raw, decoded, level) {
  return el("section", { class: `jwt-part jwt-${JWT_PARTS[n]}` },
    headingOf(level + 1, { class: "jwt-name" }, JWT_PARTS[n]),
    el("code", { class: "jwt-raw" }, raw, n < 2 && el("span", { class: "jwt-dot" }, ".")),
    el("div", { class: "jwt-says" }, decoded));
}

function signatureBytes(bytes) {
  return el("div", {}, el("p", {}, `${bytes.length} bytes`),
    el("code", { class: "hex" }, hexDigits(bytes).join(" ")));
}

/** Names, values and meanings; times in words, thumbprints with their certificate. */
function claimsTable(story, exchange, caption, claims) {
  const rows = Object.entries(claims).map(([name, value]) => [
    el("code", {}, name), claimValue(story, exchange, name, value), meaningOf(story, name)]);
  return meaningsTable(caption, "name", rows, "claims");
}

function claimValue(story, exchange, name, value) {
  if (isObject(value)) {
    return el("dl", { class: "members" }, Object.entries(value).map(([each, inner]) => [
      el("dt", {}, el("code", {}, each)), el("dd", {}, claimValue(story, exchange, each, inner),
        meaningOf(story, each) && el("span", { class: "meaning" }, meaningOf(story, each)))]));
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const words = TIMES.has(name) && typeof value === "number" ? momentInWords(value, exchange.started) : "";
  const names = typeof value === "string" && Object.hasOwn(story.certificates || {}, value);
  return [valueOf(text), words && el("span", { class: "in-words" }, words),
    names && el("span", { class: "in-words" }, certificateChip(story, value, { small: true }))];
}

function opaqueView(story, name, token) {
  return el("p", { class: "opaque-token" }, el("code", {}, name), ": ", tokenTicket(story, token),
    token.form === "opaque" ? " a random string: it says nothing by itself; " : " ",
    boundInWords(story, token), token.known_by && `. Known from ${token.known_by}`, ".");
}

function boundInWords(story, token) {
  if (token.bound_to_client) return "bound to the client, which has to authenticate";
  if (!token.bound_to) return token.known_by ? "bound to nothing" : "nothing seen so far tells what it is bound to";
  if (!Object.hasOwn(story.certificates || {}, token.bound_to)) {
    return "what its cnf names is no certificate that occurs here";
  }
  return ["bound to ", certificateChip(story, token.bound_to, { small: true })];
}
