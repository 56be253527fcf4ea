"""An exchange as a terminal tells it: who with whom, over which handshake."""

from scripts.telling.decisions import DecisionTeller
from scripts.telling.holder_colours import LABEL, Ink
from scripts.telling.messages import MessageTeller
from scripts.telling.terminal import Part, Styled, dim, styled
from scripts.walkthrough.story.story import Certificate, Exchange, Handshake

_ROLES = {"as": "authorization server", "rs": "resource server"}

# The messages that make a handshake mutual (RFC 8446 sections 4.3.2 and 4.4), by the
# server's states: it writes the first, the client the others.
_REQUEST = "write certificate request"
_ANSWER = {
    "read client certificate": "Certificate",
    "read certificate verify": "CertificateVerify",
}


class ExchangeTeller:
    """Tells exchanges; a handshake and a certificate only where first met."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink
        self._messages = MessageTeller(ink)
        self._decisions = DecisionTeller(ink)
        self._told: set[tuple[str, ...]] = set()

    def tell(self, number: str, exchange: Exchange, indent: int) -> None:
        """An exchange of step *number*, and those it led to inside it."""
        self._ink.know_exchange(exchange)
        self._ink.line()
        self._ink.line(indent, *who_with_whom(self._ink, exchange))
        self._handshake(exchange, indent + 2)
        if not exchange.handshake.failure:  # else nobody has received it
            self._messages.tell(number, exchange.request, "→", indent + 2)
        for nested in exchange.nested:
            self._ink.line()
            asks = (server_name(self._ink, exchange), " asks before it answers")
            self._ink.line(indent + 2, *asks)
            self.tell(number, nested, indent + 2)
            self._ink.line()
        self._decisions.tell(number, exchange, indent + 2)
        if exchange.response is not None:
            self._messages.tell(number, exchange.response, "←", indent + 2)
        if exchange.failure is not None:
            failure = f"← {exchange.failure}"
            self._ink.terminal.paragraph(failure, indent + 2, "red", "bold")

    def _handshake(self, exchange: Exchange, indent: int) -> None:
        handshake = exchange.handshake
        terms = (handshake.tls_version, handshake.group, _asked(handshake))
        said = " · ".join(filter(None, terms))
        if self._is_new(exchange.server, said):
            self._ink.row("handshake", said, indent)
        sent = handshake.client_certificate
        if sent is None:
            self._ink.row("presents", "no certificate", indent, "bold")
            return
        self._certificate("presents", sent, indent)
        if self._is_new(sent.x5t_s256):
            self._ink.row("subject", sent.subject, indent)
            itself = sent.issuer == sent.subject
            self._ink.row("issued by", "itself" if itself else sent.issuer, indent)
        behind = handshake.client_sent_after
        if self._is_new(sent.x5t_s256, *(each.x5t_s256 for each in behind), "behind"):
            for each in behind:
                self._certificate("behind it", each, indent)

    def _certificate(self, label: str, certificate: Certificate, indent: int) -> None:
        """Its thumbprint, and whose it is."""
        label = f"{label:<{LABEL}} "
        thumbprint = certificate.x5t_s256
        self._ink.belonging(thumbprint, certificate.holder, indent, dim(label))

    def _is_new(self, *fact: str) -> bool:
        """Whether a fact has not been told yet; from now on it has."""
        new = fact not in self._told
        self._told.add(fact)
        return new


def _asked(handshake: Handshake) -> str:
    """Who asked for a certificate, and what came: by the messages of the handshake."""
    if _REQUEST not in handshake.messages or not handshake.certificate_requested:
        return "no CertificateRequest"
    sent = [_ANSWER[m] for m in handshake.messages if m in _ANSWER]
    if handshake.client_certificate is None:
        sent = ["an empty Certificate"]
    failed = f", and it failed: {handshake.failure}" if handshake.failure else ""
    return f"CertificateRequest → {', '.join(sent)}{failed}"


def who_with_whom(ink: Ink, exchange: Exchange) -> tuple[Part, ...]:
    """Who asked and who answered, each in the colour of its certificate."""
    thief = exchange.client_lane == "thief"
    sent = exchange.handshake.client_certificate
    holder = "" if sent is None else sent.holder
    style = ("red",) if thief else ink.styles(holder)
    role = _ROLES.get(exchange.server_lane, "")
    return (
        styled(exchange.client, *style, "bold"),
        dim(" (the thief)" if thief else ""),
        dim(" ⇄ "),
        server_name(ink, exchange),
        dim(f" ({role})" if role else ""),
    )


def server_name(ink: Ink, exchange: Exchange) -> Styled:
    """The server's name, in the colour of the certificate it presented."""
    holder = exchange.handshake.server_certificate.holder
    return styled(exchange.server, *ink.styles(holder), "bold")
