"""
What the walk-through tells: acts, steps, and the evidence of each.

Plain values, from which the page, the terminal's narration and what can be taken away
(curl lines, Mermaid) are made. `story_json` documents their shape as JSON.
"""

from dataclasses import dataclass, field

Pairs = tuple[tuple[str, str], ...]

NODES = frozenset({"as", "rs", "client"})
"""The servers of a deployment; others are there for a demo, and go with it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """
    A certificate as it crossed the wire; *der* in standard base64.

    *fields* are all that it says, each by its name, in the order it says it.
    """

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
    fields: Pairs = ()


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part, as what, and with which certificate."""

    name: str
    role: str
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Handshake:
    """
    One handshake, as its server recorded it.

    *messages* are the handshake messages the server wrote and read, in order.
    *client_sent_after* are the certificates the client sent after its own.
    *server_name* is what the client asked for by SNI, *alpn* what was agreed on.
    *failure* is why there is no connection, in the server's words; then the client's
    certificate was sent and its key was not proved, and the rest is how far it came.
    """

    tls_version: str
    cipher_suite: str
    group: str
    certificate_requested: bool
    server_certificate: Certificate
    client_certificate: Certificate | None
    client_sent_after: tuple[Certificate, ...]
    messages: tuple[str, ...]
    server_name: str = ""
    alpn: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer: its first line, its header fields, its body."""

    start: str
    headers: Pairs
    body: str

    def header(self, name: str) -> str:
        """The first value of a field, by lower-case name, or an empty string."""
        found = (value for each, value in self.headers if each.lower() == name)
        return next(found, "")


@dataclass(frozen=True, slots=True)
class Decision:
    """
    One check a server made.

    *name* is the check's own, for example `binding.same-certificate`; *check* says in
    words what was found. *decided_by* is the function that decided.
    """

    node: str
    name: str
    check: str
    rule: str
    expected: str
    presented: str
    accepted: bool
    decided_by: str
    source: str


@dataclass(frozen=True, slots=True)
class SeenToken:
    """
    A token in a message, and the certificate it is bound to.

    *place* is `request` or `response`, *form* `JWT` or `opaque`. *bound_to* is an
    x5t#S256, or empty where nothing binds it or nothing seen so far tells; *known_by*
    says from what it is known. *bound_to_client* says that no certificate binds it and
    that its client has to authenticate (RFC 8705 section 7.1).
    """

    value: str
    place: str
    form: str
    bound_to: str
    known_by: str
    bound_to_client: bool = False


@dataclass(frozen=True, slots=True)
class Curl:
    """
    A request as a line for the shell, to be pasted where the deployment runs.

    *text* is empty where there is none; *note* then says why, and else what to know
    before pasting, empty if the answer will be the same again. *answer* is what comes:
    status and error code.
    """

    text: str
    note: str
    answer: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    A request, what the server decided about it, and the answer.

    *client* and *server* are names of parties; the lanes are where they are drawn:
    `browser`, `client`, `as`, `rs`, `thief`. *url* is the whole address asked for,
    *started* when, in seconds since the epoch. *nested* are the exchanges the server
    had with another before it answered, *tokens* those in its messages; *curl* sends
    the request again. *connection* names the one it came by, for all that came by it.
    """

    client: str
    client_lane: str
    server: str
    server_lane: str
    url: str
    started: float
    handshake: Handshake
    request: Message
    response: Message | None
    failure: str | None
    decisions: tuple[Decision, ...]
    nested: tuple["Exchange", ...] = ()
    tokens: tuple[SeenToken, ...] = ()
    curl: Curl = Curl("", "", "")
    connection: str = ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """
    Something worked out from the evidence: lines of a name and a value.

    *decided_by* and *source* are of the function of ours that works it out, if one
    does, as in `Decision`.
    """

    lines: Pairs
    decided_by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """
    One thing shown, and whether it came out as its rule says.

    *expected* is what the rule says must come, *came* what the recordings show: a
    status, for a refusal its error code and the rule that was broken, or a value.
    Nothing is expected of what a person does by herself: *expected* is empty.
    *name* is the step's for good, whatever its number; *central* says that its act is
    about it; *words* are those by which a search finds it, whatever its own. Nobody has
    named, or judged, what happens while it is watched.
    """

    title: str
    says: str
    rule: str
    expected: str
    came: str
    exchanges: tuple[Exchange, ...] = ()
    derivation: Derivation | None = None
    name: str = ""
    central: bool = False
    words: str = ""

    @property
    def passed(self) -> bool:
        """Whether what came is what the rule says."""
        return self.expected in {"", self.came}


@dataclass(frozen=True, slots=True)
class Act:
    """
    Steps that belong together.

    *sentence* is what the act comes to; *question* is for whoever has seen it, *answer*
    what is to be said. An act that nobody has planned has neither these nor a *name*.
    """

    title: str
    says: str
    steps: tuple[Step, ...]
    name: str = ""
    sentence: str = ""
    question: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """All that was shown."""

    made_at: str
    parties: tuple[Party, ...] = ()
    acts: tuple[Act, ...] = field(default=())

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of every act."""
        return tuple(step for act in self.acts for step in act.steps)
