"""An act: a JWT, from the handshake to its cnf and back, RFC 8705 section 3.1."""

from base64 import b64decode
from hashlib import sha256

from client_node.oauth.metadata.server_metadata import ServerMetadata
from pki.thumbprint import x5t_s256
from scripts.acts.outline import ACTS
from scripts.stage.cast import Cast, members, obtain_token, read_accounts
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.walkthrough.story.unverified_jwt import confirmed, decoded


async def jwt_binding(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """A token is bound, taken apart, and used."""
    await stage.act(ACTS["jwt"])
    client = cast.honest("banking-client")
    plan = Plan(
        "jwt.asks",
        "The client asks for a token",
        "Nothing in the request is a secret. The client says who it is by client_id, "
        "and has proved it in the handshake.",
        rule="RFC 8705 section 2",
    )
    token = await obtain_token(stage, client, metadata, told=plan)
    await _taken_apart(stage, token)
    plan = Plan(
        "jwt.client-reads",
        "The client reads its accounts",
        "Another connection to another server, and the same certificate. The bank "
        "has the authorization server's keys from its jwks_uri, and its list of "
        "revoked tokens, and asks nobody about this one.",
        rule="RFC 8705 section 3",
    )
    await read_accounts(stage, cast, client, token, plan)
    client = cast.honest("tpp-self-signed")
    token = await obtain_token(stage, client, metadata, told=None)
    plan = Plan(
        "jwt.nobody-vouches",
        "A client nobody vouches for reads its own",
        "The resource server judges no chain: any certificate is let in, and the "
        "thumbprint decides.",
        rule="RFC 8705 section 6.2",
    )
    await read_accounts(stage, cast, client, token, plan)


async def _taken_apart(stage: Stage, token: str) -> None:
    presented = stage.last_exchange.handshake.client_certificate
    header, claims = (decoded(part) for part in token.split(".")[:2])
    await stage.derivation(
        Plan(
            "jwt.token-says",
            "What the token says",
            "A JWT access token: a header, claims, a signature. The claim cnf names "
            "the certificate that whoever presents the token must prove.",
            rule="RFC 9068 section 2",
            expected="at+jwt",
        ),
        [*members(header), *members(claims)],
        str(header.get("typ")),
    )
    assert presented is not None  # noqa: S101 - the token was bound to it
    der = b64decode(presented.der)
    await stage.derivation(
        Plan(
            "jwt.thumbprint",
            "The thumbprint, step by step",
            "The certificate as it crossed the wire (DER, not PEM), its SHA-256 hash, "
            "and that in base64url without padding: 43 characters.",
            rule="RFC 8705 section 3.1",
            expected=x5t_s256(der),
        ),
        [
            ("certificate", f"{len(der)} bytes of DER: {der[:20].hex(' ')} …"),
            ("SHA-256", sha256(der).hexdigest()),
            ("base64url", x5t_s256(der)),
            ("cnf x5t#S256", confirmed(claims)),
        ],
        confirmed(claims),
        by=x5t_s256,
    )
