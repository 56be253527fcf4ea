"""The acts of the thief."""

from client_node.server_metadata import ServerMetadata, choose_endpoint
from client_node.token_request import request_token
from pki.pem import Credential
from scripts.cast import SCOPE, Cast, obtain_token, read_accounts
from scripts.plan import Plan
from scripts.stage import Stage

# Each with the right subject and something wrong; the word is what is wrong.
_ROGUES = (
    ("rogue-unknown-ca", "of a CA nobody knows", "RFC 8705 section 7.4"),
    ("rogue-self-signed", "that is self-signed", "RFC 8705 section 2.1"),
    ("rogue-expired", "that has expired", "RFC 8705 section 2.1"),
    (
        "rogue-not-yet-valid",
        "that is not valid yet",
        "RFC 8705 section 2.1",
    ),
    ("rogue-server-only", "for servers only", "RFC 8705 section 7.5"),
    ("rogue-not-a-ca", "issued by a leaf", "RFC 8705 section 7.5"),
    ("rogue-revoked", "revoked by its CA", "RFC 8705 section 2.1"),
)


async def stolen_tokens(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """Genuine tokens, over connections that are not their client's."""
    await stage.act(
        "The thief: stolen tokens",
        "A bearer token would be good in anybody's hands. The thief has copied two "
        "tokens, genuine and just issued, and has a certificate of the same CA.",
    )
    victim = "banking-client"
    jwt = await _to_be_stolen(stage, cast, metadata, victim)
    opaque = await _to_be_stolen(stage, cast, metadata, "tpp-opaque")
    attempts = (
        ("with its own, perfectly good certificate", cast.honest("other-tpp"), jwt),
        ("with no certificate", cast.identity(victim, None), jwt),
        (
            "with a self-signed certificate in the victim's name",
            cast.identity(victim, cast.credential("rogue-self-signed")),
            jwt,
        ),
        ("an opaque one, with its own certificate", cast.honest("other-tpp"), opaque),
    )
    for how, thief, token in attempts:
        plan = Plan(
            f"The stolen token, {how}",
            "The certificate of the connection is not the one the token names.",
            "RFC 8705 section 3",
            "401 invalid_token, RFC 8705 section 3",
        )
        await read_accounts(stage, cast, thief, token, plan)


async def _to_be_stolen(
    stage: Stage, cast: Cast, metadata: ServerMetadata, victim: str
) -> str:
    plan = Plan(
        f"{victim} asks for a token, and the thief copies it",
        "From a log, a backup, a proxy: tokens leak.",
        "RFC 8705 section 1",
    )
    return await obtain_token(stage, cast.honest(victim), metadata, plan)


async def false_clients(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """Token requests in the victim's name."""
    await stage.act(
        "The thief: in the client's name",
        "If a stolen token is of no use, the thief wants one of its own, issued to "
        "the victim's client_id. The peer always hears the same; the log says why.",
    )
    victim, thief = cast.credential("banking-client"), cast.credential("other-tpp")
    appended = Credential((*thief.chain, victim.leaf), thief.private_key)
    chain = "401 invalid_client, RFC 8705 section 2.1"
    subject = f"{chain}.2"
    attempts = [
        (
            Plan(
                "One client's client_id with another's certificate",
                "A good certificate of the right CA, for somebody else.",
                "RFC 8705 section 2",
                subject,
            ),
            thief,
        ),
        (
            Plan(
                "The victim's certificate sent along behind the thief's",
                "Certificates are public. Only the first one's key signs the "
                "handshake, so only the first one identifies (CVE-2023-2422 compared "
                "them all).",
                "RFC 8705 section 2.1",
                subject,
            ),
            appended,
        ),
    ]
    for name, fault, rule in _ROGUES:
        title = f"The right name in a certificate {fault}"
        says = f"{name} carries the subject that banking-client is registered with."
        attempts.append((Plan(title, says, rule, chain), cast.credential(name)))
    endpoint = choose_endpoint(metadata, "token_endpoint")
    for plan, credential in attempts:
        client = cast.identity("banking-client", credential)
        await stage.exchange(plan, request_token(client, endpoint, SCOPE))
