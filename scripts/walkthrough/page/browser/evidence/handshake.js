// The handshake: what was agreed, who proved which certificate, message by message.

const HANDSHAKE_MESSAGES = {
  "client hello": ["ClientHello", "versions, suites, key shares, the server's name"],
  "server hello": ["ServerHello", "the suite and the group that were chosen"],
  "change cipher spec": ["ChangeCipherSpec", "for old middleboxes; says nothing"],
  "encrypted extensions": ["EncryptedExtensions", "among them the protocol (ALPN)"],
  "certificate request": ["CertificateRequest", "asks the client for a certificate"],
  "certificate": ["Certificate", "a certificate with its chain"],
  "server certificate": ["Certificate", "a certificate with its chain"],
  "client certificate": ["Certificate", "a certificate with its chain"],
  "certificate verify": ["CertificateVerify", "a signature over the handshake: proves the private key"],
  "client certificate verify": ["CertificateVerify", "a signature over the handshake: proves the private key"],
  "server certificate verify": ["CertificateVerify", "a signature over the handshake: proves the private key"],
  "server key exchange": ["ServerKeyExchange", "the server's share of the key, signed"],
  "client key exchange": ["ClientKeyExchange", "the client's share of the key"],
  "server done": ["ServerHelloDone", "that was all"],
  "finished": ["Finished", "a checksum over the whole handshake"],
  "session ticket": ["NewSessionTicket", "for a later resumption"],
};

/** A handshake in one line, for the head of its fold. */
function handshakeInShort(handshake) {
  const after = (handshake.client_sent_after || []).length;
  const sent = handshake.client_certificate ? `and sent${after ? `, ${after} more after it` : ""}` : "and none sent";
  if (handshake.failure) return `${versionInWords(handshake)}, failed: ${handshake.failure}`;
  const asked = handshake.certificate_requested ? `certificate requested ${sent}` : "no certificate requested";
  return `${versionInWords(handshake)}, ${asked}`;
}

/** All of a handshake. */
function handshakeView(story, exchange, level) {
  const { handshake } = exchange;
  return [
    meaningsTable("What the handshake agreed on", "what", agreedOn(story, exchange), "agreed"),
    headingOf(level, {}, "Message by message"),
    messagesOfHandshake(handshake),
    headingOf(level, {}, "How the client's chain was judged"),
    chainVerdict(story, exchange),
    inTheClear(story, handshake, level),
  ];
}

function versionInWords(handshake) {
  return String(handshake.tls_version || "").replace(/^TLSv/, "TLS ");
}

function agreedOn(story, exchange) {
  const { handshake } = exchange;
  const sent = handshake.client_certificate;
  const after = handshake.client_sent_after || [];
  return [
    ["version", el("code", {}, versionInWords(handshake)), meaningOf(story, "tls_version")],
    ["group", el("code", {}, handshake.group || "not recorded"), groupInWords(handshake.group)],
    ["cipher suite", el("code", {}, handshake.cipher_suite), suiteInWords(handshake.cipher_suite)],
    ["server name (SNI)", el("code", {}, handshake.server_name || "none"), "the server the client meant to reach"],
    ["protocol (ALPN)", el("code", {}, handshake.alpn || "none"), "what is spoken inside"],
    ["server's certificate", certificateChip(story, handshake.server_certificate),
      isBorrowed(story, exchange) ? `${nodeName(exchange.server)} has none of its own, and uses this one` : ""],
    ["certificate requested", handshake.certificate_requested ? "yes" : "no",
      handshake.certificate_requested ? "the server sent a CertificateRequest" : "no CertificateRequest: a browser shows no dialog"],
    ["client's certificate", certificateChip(story, sent), signedInWords(handshake)],
    after.length > 0 && ["sent after it", after.map((each) => [certificateChip(story, each), " "]),
      "to build the chain with; these prove nothing about who is calling"],
  ].filter(Boolean);
}

function signedInWords(handshake) {
  if (!handshake.client_certificate) return "";
  return handshake.failure ? "it was sent, and another key signed this handshake" : "its key signed this handshake";
}

function groupInWords(group) {
  const known = {
    X25519: "Diffie-Hellman on Curve25519",
    X25519MLKEM768: "Curve25519 and ML-KEM-768 together: safe from a quantum computer, too",
    secp256r1: "Diffie-Hellman on NIST P-256",
    "P-256": "Diffie-Hellman on NIST P-256",
    secp384r1: "Diffie-Hellman on NIST P-384",
  };
  return known[group] || "";
}

function suiteInWords(suite) {
  const [, bits, mode, hash] = /AES_?(\d{3})_?(GCM|CCM)\w*?_?(SHA\d+)/.exec(String(suite).replaceAll("-", "_")) || [];
  if (bits) return `AES with ${bits} bits in ${mode}; ${hash.replace("SHA", "SHA-")} for the keys`;
  if (/CHACHA20/.test(suite)) return "ChaCha20 with Poly1305; SHA-256 for the keys";
  return "";
}

/** Who sent which message, client left and server right. */
function messagesOfHandshake(handshake) {
  const is13 = /1\.3/.test(handshake.tls_version);
  const none = handshake.certificate_requested && !handshake.client_certificate;
  let encrypted = false;
  const rows = (handshake.messages || []).map((each) => {
    const fromClient = each.startsWith("read ");
    const [name, says] = handshakeMessage(each, fromClient, none);
    const mutual = name === "CertificateRequest" || (fromClient && name.startsWith("Certificate"));
    const row = messageRow(fromClient, name, says, mutual, encrypted && name !== "ChangeCipherSpec");
    if (is13 && name === "ServerHello") encrypted = true;
    return row;
  });
  return el("div", {},
    el("p", { class: "shake-sides", "aria-hidden": "true" },
      el("span", {}, "client sent"), el("span", {}, "server sent")),
    el("ol", { class: "shake" }, rows),
    handshake.failure && el("p", { class: "shake-note failure" }, `Here the server ended it, with an alert: ${handshake.failure}.`),
    is13 && el("p", { class: "shake-note" }, icon("lock"),
      " after ServerHello everything is encrypted, the certificates of both sides as well."));
}

function handshakeMessage(recorded, fromClient, none) {
  const key = recorded.replace(/^(read|write) /, "");
  const [name, says] = Object.hasOwn(HANDSHAKE_MESSAGES, key) ? HANDSHAKE_MESSAGES[key] : [key, ""];
  if (fromClient && none && name === "Certificate") return [name, "empty: the client has none, or sends none"];
  return [name, says];
}

function messageRow(fromClient, name, says, mutual, encrypted) {
  const kinds = ["shake-message", fromClient ? "from-client" : "from-server", mutual && "mutual"];
  return el("li", { class: kinds.filter(Boolean).join(" ") },
    unseen(fromClient ? "client: " : "server: "),
    el("span", { class: "shake-name" }, name, encrypted && [" ", icon("lock"), unseen(" encrypted")]),
    mutual && el("span", { class: "shake-mutual" }, "makes it mutual"),
    says && el("span", { class: "shake-says" }, says));
}

/** The decisions about the client's chain, or why there are none. */
function chainVerdict(story, exchange) {
  const { handshake } = exchange;
  const judged = (exchange.decisions || []).filter(isAboutTheChain);
  if (judged.length > 0) {
    return el("ul", { class: "decision-list" }, judged.map((each) => decisionInShort(story, each)));
  }
  if (!handshake.certificate_requested) {
    return el("p", {}, "No certificate was requested, so there was none to judge.");
  }
  if (!handshake.client_certificate) return el("p", {}, "None was sent, so there was none to judge.");
  return el("p", {}, "Nobody judged it. The handshake lets every certificate pass; what counts here is its ",
    "thumbprint, or that it is registered itself (", ruleLink(story, "RFC 8705 section 6.2"), ").");
}

function isAboutTheChain(decision) {
  return /\.chain$/.test(decision.name);
}

/** What TLS 1.2 would have shown to anybody on the way. */
function inTheClear(story, handshake, level) {
  const shown = handshake.in_the_clear || [];
  if (shown.length === 0) return null;
  const is13 = /1\.3/.test(handshake.tls_version);
  const rows = shown.map(([what, value]) => {
    const name = what.replace(/^even in TLS 1\.3: /, "");
    // ServerHello, with the suite in it, is in the clear in every version.
    const hidden = is13 && name === what;
    const here = hidden ? [icon("lock"), " here encrypted, with TLS 1.3"] : "here in the clear as well";
    return [name, valueOf(value), here];
  });
  return [headingOf(level, {}, "What TLS 1.2 shows to anybody on the way"),
    el("p", {}, "Version 1.2 sends certificates before there are keys to encrypt them with (",
      ruleLink(story, "RFC 8705 section 8"), ")."),
    meaningsTable("What TLS 1.2 shows to anybody on the way", "what", rows, "clear")];
}
