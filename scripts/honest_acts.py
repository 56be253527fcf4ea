"""The acts in which everybody does as they should."""

from base64 import b64decode
from hashlib import sha256

from client_node.identity import Identity
from client_node.revocation_request import request_revocation
from client_node.server_metadata import (
    ServerMetadata,
    choose_endpoint,
    judge_metadata,
    request_metadata,
)
from pki.thumbprint import x5t_s256
from scripts.cast import (
    Cast,
    decoded,
    members,
    obtain_token,
    present,
    read_accounts,
)
from scripts.plan import Plan
from scripts.stage import Stage


async def discovery(stage: Stage, cast: Cast, client: Identity) -> ServerMetadata:
    """The client finds the token endpoint that speaks mutual TLS."""
    await stage.act(
        "Discovery",
        "The client knows one thing of the authorization server: its issuer. The "
        "rest it reads from the metadata, over a connection that no certificate is "
        "asked for on.",
    )
    answer = await stage.exchange(
        Plan(
            "The client reads the authorization server's metadata",
            "The conventional listener sends no CertificateRequest, so that a browser "
            "never shows a dialog. The metadata say where mutual TLS is spoken.",
            rule="RFC 8414 section 3",
        ),
        request_metadata(client, cast.issuer),
    )
    metadata = judge_metadata(present(answer), cast.issuer)
    conventional = metadata.endpoints["token_endpoint"]
    await stage.derivation(
        Plan(
            "It chooses the alias of the token endpoint",
            "A client that uses mutual TLS takes the endpoint of the same name "
            "from mtls_endpoint_aliases, in preference to the conventional one.",
            rule="RFC 8705 section 5",
            expected=metadata.mtls_endpoint_aliases["token_endpoint"],
        ),
        [
            ("issuer", metadata.issuer),
            ("token_endpoint", conventional),
            ("its alias", metadata.mtls_endpoint_aliases.get("token_endpoint", "none")),
        ],
        choose_endpoint(metadata, "token_endpoint"),
    )
    return metadata


async def bound_token(stage: Stage, client: Identity, metadata: ServerMetadata) -> str:
    """A JWT for the client, taken apart down to its thumbprint."""
    await stage.act(
        "A token bound to a certificate",
        "The handshake proves which certificate the client holds. The authorization "
        "server compares it with the client's registration, and writes its hash "
        "into the token.",
    )
    plan = Plan(
        "The client asks for a token",
        "Nothing in the request is a secret. The client says who it is by client_id, "
        "and has proved it in the handshake.",
        rule="RFC 8705 section 2",
    )
    token = await obtain_token(stage, client, metadata, plan)
    header, claims = (decoded(part) for part in token.split(".")[:2])
    await stage.derivation(
        Plan(
            "What the token says",
            "A JWT access token: a header, claims, a signature. The claim cnf names "
            "the certificate that whoever presents the token must prove.",
            rule="RFC 9068 section 2",
            expected="at+jwt",
        ),
        [*members(header), *members(claims)],
        str(header.get("typ")),
    )
    await _thumbprint(stage, claims)
    return token


async def _thumbprint(stage: Stage, claims: dict[str, object]) -> None:
    """From the certificate in the handshake to the value in the token."""
    presented = stage.last_exchange.handshake.client_certificate
    assert presented is not None  # noqa: S101 - the token was bound to it
    der = b64decode(presented.der)
    confirmation = claims["cnf"]
    assert isinstance(confirmation, dict)  # noqa: S101 - ditto
    await stage.derivation(
        Plan(
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
            ("cnf x5t#S256", str(confirmation["x5t#S256"])),
        ],
        str(confirmation["x5t#S256"]),
    )


async def jwt_at_the_bank(
    stage: Stage, cast: Cast, client: Identity, token: str
) -> None:
    """The resource server verifies the JWT itself."""
    await stage.act(
        "The token at the bank: JWT confirmation method",
        "The resource server verifies the token with a key from the authorization "
        "server's jwks_uri, and compares its cnf with the certificate of this very "
        "connection. It asks nobody about the token.",
    )
    plan = Plan(
        "The client reads its accounts",
        "Another connection to another server, and the same certificate.",
        rule="RFC 8705 section 3",
    )
    await read_accounts(stage, cast, client, token, plan)


async def introspection(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """The resource server asks what an opaque token means."""
    await stage.act(
        "The same with an opaque token: introspection",
        "This client's tokens are random strings. The resource server asks the "
        "authorization server what one means; the answer has the same cnf.",
    )
    client = cast.honest("tpp-opaque")
    plan = Plan(
        "Another client asks for a token",
        "The authorization server keeps what the token means, and only its hash.",
        rule="RFC 8705 section 2",
    )
    token = await obtain_token(stage, client, metadata, plan)
    plan = Plan(
        "It reads its accounts",
        "The resource server authenticates to the introspection endpoint with its "
        "own certificate, and compares the cnf of the answer with the certificate "
        "the client has proved to it, not with its own.",
        rule="RFC 8705 section 3.2",
    )
    await read_accounts(stage, cast, client, token, plan)


async def self_signed(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """A client that is known by its certificate alone."""
    await stage.act(
        "A client nobody vouches for",
        "No CA has signed this client's certificate. It is registered itself, and "
        "that is enough: the handshake proves the key.",
    )
    client = cast.honest("tpp-self-signed")
    plan = Plan(
        "It asks for a token with its self-signed certificate",
        "The same listener, which lets every certificate pass; the registration "
        "decides what it is compared with.",
        rule="RFC 8705 section 2.2",
    )
    token = await obtain_token(stage, client, metadata, plan)
    plan = Plan(
        "It reads its accounts",
        "The resource server does not judge chains. The thumbprint decides.",
        rule="RFC 8705 section 6.2",
    )
    await read_accounts(stage, cast, client, token, plan)


async def revocation(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """An opaque token ends, and its certificate does not help it."""
    await stage.act(
        "The client gives its token back",
        "A token that is no longer needed is revoked, by the client it belongs to.",
    )
    client = cast.honest("tpp-opaque")
    plan = Plan(
        "The client asks for a token once more",
        "It will not keep it for long.",
        "RFC 8705 section 2",
    )
    token = await obtain_token(stage, client, metadata, plan)
    plan = Plan(
        "The client revokes it",
        "Recorded before it is answered, so that no crash brings the token back.",
        "RFC 7009 section 2",
    )
    endpoint = choose_endpoint(metadata, "revocation_endpoint")
    await stage.exchange(plan, request_revocation(client, endpoint, token))
    plan = Plan(
        "The revoked token, with the right certificate",
        "Introspection now says that the token is not active, and nothing else.",
        "RFC 7662 section 2.2",
        "401 invalid_token, RFC 7662 section 2.2",
    )
    await read_accounts(stage, cast, client, token, plan)
