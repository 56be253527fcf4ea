// A certificate, field by field.

/** Everything a certificate says, and the certificate itself to take away. */
function certificateView(story, x5t) {
  const certificate = story.certificates?.[x5t];
  if (!certificate) return el("p", {}, "This certificate was not kept.");
  const fields = certificate.fields?.length ? certificate.fields : fieldsInShort(certificate);
  const rows = fields.map(([name, value]) => [name, valueOf(value, 260)]);
  return [
    meaningsTable(`The certificate of ${certificate.holder}`, "field", rows, "certificate-fields"),
    el("p", { class: "buttons" },
      copyButton(() => pemOf(certificate.der), "Copy as PEM"), " ",
      copyButton(x5t, "Copy x5t#S256")),
  ];
}

/** The fields of a certificate that were not all kept. */
function fieldsInShort(certificate) {
  return [
    ["subject", certificate.subject],
    ["issuer", certificate.issuer],
    ["not before", momentOfText(certificate.not_before)],
    ["not after", momentOfText(certificate.not_after)],
    ["key", certificate.key],
    ["extended key usage", certificate.usage],
    ["subject alternative names", (certificate.alternative_names || []).join(", ")],
    ["x5t#S256", certificate.x5t_s256],
  ].filter(([, value]) => value);
}

function momentOfText(text) {
  return momentInWords(Date.parse(text) / 1000, 0) || String(text || "");
}
