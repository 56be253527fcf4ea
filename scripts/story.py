"""
What the demo tells: acts, steps, and the evidence of each.

Plain values, from which both the terminal's narration and the walk-through page are
made. `build/walkthrough.json` is a `Story` as JSON, member for member:

    version   1
    made_at   when, for people
    parties   name, role, certificate
    acts      title, says, steps
    step      title, says, rule, expected, came, passed, exchanges, derivation
    exchange  client, server, handshake, request, response, failure, decisions, nested

*rule* is a requirement such as "RFC 8705 section 3". *expected* is what the rule
says must come, *came* what the client's recording shows. *nested* are the exchanges
a server had with another before it answered.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it crossed the wire; *der* in standard base64."""

    holder: str
    subject: str
    issuer: str
    not_before: str
    not_after: str
    key: str
    usage: str
    alternative_names: tuple[str, ...]
    x5t_s256: str
    der: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part, as what, and with which certificate."""

    name: str
    role: str
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Handshake:
    """
    One handshake, both of whose ends recorded it.

    *messages* are the handshake messages the server wrote and read, in order.
    *client_sent_after* are the certificates the client sent after its own.
    """

    tls_version: str
    cipher_suite: str
    group: str
    certificate_requested: bool
    server_certificate: Certificate
    client_certificate: Certificate | None
    client_sent_after: tuple[Certificate, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer: its first line, its header fields, its body."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One check a server made."""

    node: str
    check: str
    rule: str
    expected: str
    presented: str
    accepted: bool
    decided_by: str
    source: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, what the server decided about it, and the answer."""

    client: str
    server: str
    handshake: Handshake
    request: Message
    response: Message | None
    failure: str | None
    decisions: tuple[Decision, ...]
    nested: tuple["Exchange", ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """Something worked out from the evidence: lines of a name and a value."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What is going to be shown: its title, what is said of it, its rule.

    *expected* is what has to come: a status, for a refusal its error code and the
    rule that was broken ("401 invalid_token, RFC 8705 section 3"), or a value.
    """

    title: str
    says: str
    rule: str
    expected: str = "200"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing shown, and whether it came out as its rule says."""

    title: str
    says: str
    rule: str
    expected: str
    came: str
    exchanges: tuple[Exchange, ...] = ()
    derivation: Derivation | None = None

    @property
    def passed(self) -> bool:
        """Whether what came is what the rule says."""
        return self.expected == self.came


@dataclass(frozen=True, slots=True)
class Act:
    """Steps that belong together."""

    title: str
    says: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All that was shown."""

    made_at: str
    parties: tuple[Party, ...]
    acts: tuple[Act, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of every act."""
        return tuple(step for act in self.acts for step in act.steps)
