"""What the authorization server reports: JSON, taken by the letter."""

from dataclasses import dataclass

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Refusal, Response, json_response
from pki.http.strict_json import json_object
from rs_node.consents.consent import Decision

FORM = Check(
    "backchannel.form",
    "the request is one of those agreed between the two servers",
    "UK Open Banking Read/Write v4.0, Consent Authorisation",
)

_MEMBERS = {"customer", "client_id", "decision", "account_ids", "decision_id"}
_RENEWS = "renews"  # the one member that may be missing
_DECISIONS = {"approved": True, "refused": False}
LONGEST_TEXT = 256  # characters
MOST_ACCOUNTS = 100


class BadRequest(Refusal):
    """The request is not one of those agreed."""

    def response(self) -> Response:
        """400, always alike: our own server's mistakes are in our own log."""
        return json_response(400, {"error": "invalid_request"}, NO_STORE)


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """A decision, and the client that it is about."""

    client_id: str
    decision: Decision


def read_decision(body: bytes) -> DecisionRequest:
    """
    The decision in *body*. Whether the customer has these accounts is not checked.

    Raises:
        BadRequest: a member is missing, unknown, or of another type.
    """
    try:
        members = json_object(body.decode("utf-8"))
    except ValueError as error:
        raise BadRequest(f"the body: {error}", FORM) from error
    if members.keys() - {_RENEWS} != _MEMBERS:
        raise BadRequest(
            "the body has other members",
            FORM,
            expected=" ".join(sorted(_MEMBERS)),
            presented=" ".join(sorted(members)),
        )
    approved = _DECISIONS.get(_text(members, "decision"))
    if approved is None:
        raise BadRequest("decision is neither approved nor refused", FORM)
    account_ids = _texts(members["account_ids"])
    if approved != bool(account_ids):
        raise BadRequest("accounts are shared by an approval and by nothing else", FORM)
    decision = Decision(
        decision_id=_text(members, "decision_id"),
        customer=_text(members, "customer"),
        approved=approved,
        account_ids=account_ids,
        renews=_text(members, _RENEWS) if _RENEWS in members else None,
    )
    return DecisionRequest(_text(members, "client_id"), decision)


def _text(members: dict[str, object], name: str) -> str:
    value = members[name]
    if not _is_text(value):
        raise _no_text(name, value)
    return str(value)


def _no_text(name: str, value: object) -> BadRequest:
    """Not the text itself: a customer's is nobody's business, and may be long."""
    length = f" of {len(value)} characters" if isinstance(value, str) else ""
    return BadRequest(
        f"{name} is no text, or too long",
        FORM,
        expected=f"a printable text of 1 to {LONGEST_TEXT} characters",
        presented=f"{type(value).__name__}{length}",
    )


def _texts(value: object) -> tuple[str, ...]:
    """In order and each once, so that the same accounts are the same decision."""
    if not isinstance(value, list) or len(value) > MOST_ACCOUNTS:
        length = f" of {len(value)}" if isinstance(value, list) else ""
        raise BadRequest(
            "account_ids is not an array, or too long",
            FORM,
            expected=f"an array of at most {MOST_ACCOUNTS}",
            presented=f"{type(value).__name__}{length}",
        )
    for each in value:
        if not _is_text(each):
            raise _no_text("one of account_ids", each)
    return tuple(sorted(set(value)))


def _is_text(value: object) -> bool:
    return (
        isinstance(value, str)
        and value.isprintable()
        and 0 < len(value) <= LONGEST_TEXT
    )
