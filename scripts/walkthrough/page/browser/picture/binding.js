// The binding in the picture: a sign between the token and the connection's certificate. One
// sign is one meaning: compared and the same, compared and not, bound to nothing, not looked at.

/** The token's certificate beside the connection's: as a decision has compared them. */
function bindingDrawing(story, exchange, refused) {
  const presented = exchange.handshake.client_certificate;
  const token = (exchange.tokens || [])
    .find((each) => each.place === "request" && each.bound_to);
  if (!token) return unboundDrawing(story, exchange);
  if (!isJudged(exchange, token.bound_to)) return uncomparedDrawing(story, exchange, token);
  const same = token.bound_to === presented;
  const said = refused && /certificate|thumbprint|\.chain$/.test(refused.name);
  return el("p", { class: `binding ${same ? "same" : "other"}` },
    el("span", { class: "binding-signs" },
      tokenTicket(story, token),
      icon(same ? "linked" : "broken"),
      certificateChip(story, presented, { small: true }),
      !said && el("span", { class: "binding-words" }, bindingWords(same, presented))));
}

/** A bound token that a resource server has let in without looking whose it is. */
function uncomparedDrawing(story, exchange, token) {
  if (exchange.server_lane !== "rs" || isRefused(exchange)) return null;
  return el("p", { class: "binding uncompared" },
    el("span", { class: "binding-signs" }, tokenTicket(story, token), icon("uncompared"),
      certificateChip(story, exchange.handshake.client_certificate, { small: true }),
      el("span", { class: "binding-words" }, "nobody compared these two")));
}

/** A token at a resource server that anybody may use. */
function unboundDrawing(story, exchange) {
  const token = (exchange.tokens || [])
    .find((each) => each.place === "request" && each.known_by && !each.bound_to && !each.bound_to_client);
  if (!token || exchange.server_lane !== "rs" || isRefused(exchange)) return null;
  return el("p", { class: "binding none" },
    el("span", { class: "binding-signs" }, tokenTicket(story, token), icon("unbound"),
      el("span", { class: "binding-words" }, "bound to nothing: whoever has it may use it")));
}

function bindingWords(same, presented) {
  if (same) return "its own certificate";
  return presented ? "another certificate" : "no certificate";
}
