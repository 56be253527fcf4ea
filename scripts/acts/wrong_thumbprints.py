"""An act: how not to compute x5t#S256, RFC 8705 section 3.1."""

from dataclasses import dataclass

from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.resource_request import request_resource
from client_node.oauth.token.token_request import judge_token_response, request_token
from scripts.acts.outline import ACTS
from scripts.stage.cast import SCOPE, Cast, present
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.twin.careless_authorization_server import UNBOUND
from scripts.walkthrough.story.unverified_jwt import confirmed, decoded

_NO_THUMBPRINT = "RFC 8705 section 3.1"
_ANOTHER = "RFC 8705 section 3"


@dataclass(frozen=True, slots=True)
class Mistake:
    """
    One way to get it wrong: what it is asked for by, and what the bank makes of it.

    *rule* is the one that breaks: a value that is no thumbprint at all, or one that
    looks like somebody else's.
    """

    asked: str
    title: str
    says: str
    rule: str
    recognised: str


MISTAKES = (
    Mistake(
        "hex",
        "The digest in hex",
        "What every tool prints. x5t#S256 is base64url of the 32 bytes.",
        _NO_THUMBPRINT,
        "the SHA-256 thumbprint in hex",
    ),
    Mistake(
        "base64url-of-hex",
        "The hex digits in base64url",
        "Encoded twice: base64url of 64 letters instead of 32 bytes.",
        _NO_THUMBPRINT,
        "base64url of the hex digits",
    ),
    Mistake(
        "base64",
        "Standard base64",
        "With + and / where base64url has - and _, and padded. Without the padding, "
        "one certificate in four would not tell the two apart: many a test passes.",
        _NO_THUMBPRINT,
        "the thumbprint in standard base64",
    ),
    Mistake(
        "padding",
        "With padding",
        "The right alphabet, and an = at the end that RFC 7515 leaves away.",
        _NO_THUMBPRINT,
        "the thumbprint with padding",
    ),
    Mistake(
        "sha1",
        "SHA-1",
        "The older x5t, under the name of the newer one.",
        _NO_THUMBPRINT,
        "the SHA-1 thumbprint (x5t)",
    ),
    Mistake(
        "pem",
        "The hash of the PEM text",
        "43 characters, and the hash of the file instead of the certificate in it.",
        _ANOTHER,
        "the SHA-256 of the PEM text",
    ),
    Mistake(
        "public-key",
        "The hash of the public key",
        "A key outlives its certificates; the binding is to the certificate.",
        _ANOTHER,
        "the SHA-256 of the public key",
    ),
    Mistake(
        "jkt",
        "The JWK thumbprint",
        "That is jkt, which belongs to DPoP (RFC 9449).",
        _ANOTHER,
        "the JWK thumbprint (jkt) of the key",
    ),
    Mistake(
        "lower-case",
        "In lower case",
        "Base64url has both cases, and they differ.",
        _ANOTHER,
        "the thumbprint in another case",
    ),
)


async def wrong_thumbprints(stage: Stage, cast: Cast) -> None:
    """A careless authorization server, and one of our resource servers that has it."""
    await stage.act(ACTS["thumbprints"])
    client = _client(cast)
    stage.call("newcomer", client.credential)
    right = str(client.x5t_s256)
    plan = Plan(
        "thumbprints.right",
        "First, the right one",
        "SHA-256 of the DER, in base64url, without padding.",
        "RFC 8705 section 3.1",
    )
    await _present(stage, cast, client, plan, right, None)
    for mistake in MISTAKES:
        plan = Plan(
            f"thumbprints.{mistake.asked}",
            mistake.title,
            mistake.says,
            "RFC 8705 section 3.1",
            f"401 invalid_token, {mistake.rule}: {mistake.recognised}",
        )
        await _present(stage, cast, client, plan, right, mistake.asked)
    plan = Plan(
        "thumbprints.none",
        "And none at all",
        "A token without cnf is a bearer token, from an issuer that the bank believes. "
        "It is refused: there is nothing to compare.",
        "RFC 8705 section 3",
        "401 invalid_token, RFC 8705 section 3",
    )
    await _present(stage, cast, client, plan, right, UNBOUND)


async def _present(
    stage: Stage,
    cast: Cast,
    client: Identity,
    plan: Plan,
    right: str,
    mistake: str | None,
) -> None:
    """A token made with *mistake*, at the bank."""
    asked = {} if mistake is None else {"mistake": mistake}
    endpoint = cast.twins.careless_token_endpoint
    answer = await request_token(client, endpoint, SCOPE, asked)
    token = judge_token_response(present(answer)).access_token
    lines = [
        ("this certificate's", right),
        ("in the token", confirmed(decoded(token.split(".")[1])) or "no cnf"),
    ]
    request = request_resource(client, cast.twins.careless_accounts, token)
    await stage.exchange(plan, request, lines)


def _client(cast: Cast) -> Identity:
    """One whose thumbprint tells base64url from base64: three in four do."""
    while True:
        client = cast.unvouched("newcomer")
        if set(str(client.x5t_s256)) & set("-_"):
            return client
