"""An act: the thief tries everything."""

from client_node.oauth.metadata.server_metadata import ServerMetadata, choose_endpoint
from client_node.oauth.requests.resource_request import request_resource
from client_node.oauth.token.token_request import request_refresh, request_token
from pki.pem import Credential
from scripts.acts.outline import ACTS
from scripts.acts.steps.stolen_code import stolen_code
from scripts.stage.cast import SCOPE, Cast, obtain_token, read_accounts
from scripts.stage.person import Person
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage

_CHAIN = "401 invalid_client, RFC 8705 section 2.1"
_SUBJECT = f"{_CHAIN}.2"
_ANOTHERS_CERTIFICATE = Plan(
    "thief.anothers-certificate",
    "One client's client_id with another's certificate",
    "A good certificate of the right CA, for somebody else.",
    "RFC 8705 section 2",
    _SUBJECT,
    thief=True,
)
_SENT_ALONG = Plan(
    "thief.sent-along",
    "The victim's certificate sent along behind the thief's",
    "Certificates are public. Only the first one's key signs the handshake, so only "
    "the first one identifies (Keycloak compared them all: CVE-2023-2422).",
    "RFC 8705 section 2.1",
    _SUBJECT,
    thief=True,
)

_WITHOUT_KEY = Plan(
    "thief.without-the-key",
    "The victim's token and the victim's certificate, without its key",
    "He has all that crosses a wire, and signs the handshake with a key of his own. "
    "The certificate's does not verify that signature, so there is no connection, no "
    "HTTP and no request: an alert is all he hears.",
    "RFC 8446 section 4.4.3",
    "alert decrypt_error",
    thief=True,
)

# Each with the right subject and something wrong; the word is what is wrong.
_ROGUES = (
    ("rogue-unknown-ca", "of a CA nobody knows", "RFC 8705 section 7.4"),
    ("rogue-self-signed", "that is self-signed", "RFC 8705 section 2.1"),
    ("rogue-expired", "that has expired", "RFC 8705 section 2.1"),
    ("rogue-not-yet-valid", "that is not valid yet", "RFC 8705 section 2.1"),
    ("rogue-server-only", "for servers only", "RFC 8705 section 7.5"),
    ("rogue-not-a-ca", "issued by a leaf", "RFC 8705 section 7.5"),
    ("rogue-revoked", "revoked by its CA", "RFC 8705 section 2.1"),
)


async def thief(
    stage: Stage,
    cast: Cast,
    customer: Person,
    metadata: ServerMetadata,
    refresh_token: str,
) -> None:
    """Stolen tokens, the client's name, a stolen code, *refresh_token* as well."""
    await stage.act(ACTS["thief"])
    await _stolen_tokens(stage, cast, metadata)
    await _false_clients(stage, cast, metadata)
    await stolen_code(stage, cast, customer, metadata)
    await _stolen_refresh_token(stage, cast, metadata, refresh_token)
    await _certificate_without_key(stage, cast, metadata)


async def _stolen_tokens(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """Genuine tokens, over connections that are not their client's."""
    victim = "banking-client"
    jwt = await _to_be_stolen(stage, cast, metadata, victim)
    opaque = await _to_be_stolen(stage, cast, metadata, "tpp-opaque")
    attempts = (
        (
            "wrong-certificate",
            "with his own, perfectly good certificate",
            "His certificate is good, and it is not the one that the token names.",
            cast.honest("other-tpp"),
            jwt,
        ),
        (
            "no-certificate",
            "with no certificate",
            "The token names a certificate, and nothing proves that it is there.",
            cast.identity(victim, None),
            jwt,
        ),
        (
            "forged-name",
            "with a self-signed certificate in the victim's name",
            "The name is the same. The hash is of the certificate, not of the name.",
            cast.identity(victim, cast.credential("rogue-self-signed")),
            jwt,
        ),
        (
            "opaque-token",
            "an opaque one, with his own certificate",
            "What the token does not say, the introspection answer does.",
            cast.honest("other-tpp"),
            opaque,
        ),
    )
    for name, how, says, thief, token in attempts:
        plan = Plan(
            f"thief.{name}",
            f"The stolen token, {how}",
            says,
            "RFC 8705 section 3",
            "401 invalid_token, RFC 8705 section 3",
            thief=True,
        )
        await read_accounts(stage, cast, thief, token, plan)


async def _to_be_stolen(
    stage: Stage, cast: Cast, metadata: ServerMetadata, victim: str
) -> str:
    plan = Plan(
        f"thief.steals-from-{victim}",
        f"{victim} asks for a token, and the thief copies it",
        "From a log, a backup, a proxy: tokens leak.",
        "RFC 8705 section 1",
    )
    return await obtain_token(stage, cast.honest(victim), metadata, told=plan)


async def _false_clients(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """Token requests in the victim's name."""
    victim, thief = cast.credential("banking-client"), cast.credential("other-tpp")
    appended = Credential((*thief.chain, victim.leaf), thief.private_key)
    attempts = [(_ANOTHERS_CERTIFICATE, thief), (_SENT_ALONG, appended)]
    for name, fault, rule in _ROGUES:
        title = f"The right name in a certificate {fault}"
        says = f"{name} carries the subject that banking-client is registered with."
        plan = Plan(f"thief.{name}", title, says, rule, _CHAIN, thief=True)
        attempts.append((plan, cast.credential(name)))
    endpoint = choose_endpoint(metadata, "token_endpoint")
    for plan, credential in attempts:
        client = cast.identity("banking-client", credential)
        await stage.exchange(plan, request_token(client, endpoint, SCOPE))


async def _certificate_without_key(
    stage: Stage, cast: Cast, metadata: ServerMetadata
) -> None:
    """The victim's token and the victim's certificate; there is no handshake."""
    victim = "banking-client"
    token = await obtain_token(stage, cast.honest(victim), metadata, told=None)
    thief = cast.without_key(victim, "other-tpp")
    await stage.failed_handshake(
        _WITHOUT_KEY, request_resource(thief, cast.accounts, token), cast.moment
    )


async def _stolen_refresh_token(
    stage: Stage, cast: Cast, metadata: ServerMetadata, refresh_token: str
) -> None:
    """A public client is its certificate: the name in another one is nothing."""
    forged = cast.unvouched("mobile-app")
    stage.call("rogue-mobile-app", forged.credential)
    plan = Plan(
        "thief.refresh-token",
        "The refresh token of the application, stolen",
        "Anybody can say the same client_id and make a certificate with the same "
        "name. It is another certificate.",
        "RFC 8705 section 4",
        "400 invalid_grant, RFC 8705 section 4",
        thief=True,
    )
    endpoint = choose_endpoint(metadata, "token_endpoint")
    await stage.exchange(plan, request_refresh(forged, endpoint, refresh_token))
