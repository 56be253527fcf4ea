"""
What the demo shows, act by act.

The predictions stand here, beside the rule each follows from. What came is never
written here: it is read from the recordings.
"""

import json
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from client_node.identity import Identity
from client_node.resource_request import request_resource
from client_node.revocation_request import request_revocation
from client_node.server_metadata import (
    ServerMetadata,
    choose_endpoint,
    judge_metadata,
    request_metadata,
)
from client_node.token_request import judge_token_response, request_token
from pki.mtls.client import Answer
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from scripts.stage import Stage

_SCOPE = "accounts"

# Each with the right subject and something wrong; the word is what is wrong.
_ROGUES = (
    ("rogue-unknown-ca", "of a CA nobody knows", "RFC 8705 section 7.4"),
    ("rogue-self-signed", "signed by itself", "RFC 8705 section 2.1"),
    ("rogue-expired", "expired", "RFC 8705 section 2.1"),
    (
        "rogue-not-yet-valid",
        "not valid before ten years from now",
        "RFC 8705 section 2.1",
    ),
    ("rogue-server-only", "good for servers only", "RFC 8705 section 7.5"),
    ("rogue-not-a-ca", "issued by a leaf", "RFC 8705 section 7.5"),
    ("rogue-revoked", "revoked by its CA", "RFC 8705 section 2.1"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """
    Who plays.

    *credential* loads a party's credential by its name; *identity* makes a client
    that says it is a `client_id` and presents a credential, which need not fit.
    """

    issuer: str
    resource: str
    credential: Callable[[str], Credential]
    identity: Callable[[str, Credential | None], Identity]

    def honest(self, name: str) -> Identity:
        """A client that presents its own certificate."""
        return self.identity(name, self.credential(name))


async def play(stage: Stage, cast: Cast) -> None:
    """All acts, in order."""
    client = cast.honest("banking-client")
    metadata = await _discovery(stage, cast, client)
    jwt = await _token(stage, client, metadata)
    await _jwt_at_the_bank(stage, cast, client, jwt)
    opaque = await _introspection(stage, cast, metadata)
    await _self_signed(stage, cast, metadata)
    await _stolen_tokens(stage, cast, jwt, opaque)
    await _false_clients(stage, cast, metadata)
    await _revocation(stage, cast, metadata, opaque)


async def _discovery(stage: Stage, cast: Cast, client: Identity) -> ServerMetadata:
    await stage.act(
        "Discovery",
        "The client knows one thing of the authorization server: its issuer. The "
        "rest it reads from the metadata, over a connection that no certificate is "
        "asked for on.",
    )
    answer = await stage.exchange(
        "The client reads the authorization server's metadata",
        "The conventional listener sends no CertificateRequest, so that a browser "
        "never shows a dialog. The metadata say where mutual TLS is spoken.",
        rule="RFC 8414 section 3",
        expected="200",
        request=request_metadata(client, cast.issuer),
    )
    metadata = judge_metadata(_present(answer), cast.issuer)
    conventional = metadata.endpoints["token_endpoint"]
    await stage.derivation(
        "It chooses the alias of the token endpoint",
        "A client that intends to use mutual TLS takes the endpoint of the same name "
        "from mtls_endpoint_aliases, in preference to the conventional one.",
        rule="RFC 8705 section 5",
        lines=[
            ("issuer", metadata.issuer),
            ("token_endpoint", conventional),
            ("its alias", metadata.mtls_endpoint_aliases.get("token_endpoint", "none")),
        ],
        expected=metadata.mtls_endpoint_aliases["token_endpoint"],
        came=choose_endpoint(metadata, "token_endpoint"),
    )
    return metadata


async def _token(stage: Stage, client: Identity, metadata: ServerMetadata) -> str:
    await stage.act(
        "A token bound to a certificate",
        "The handshake proves which certificate the client holds. The authorization "
        "server compares it with the client's registration, and writes its hash "
        "into the token.",
    )
    answer = await stage.exchange(
        "The client asks for a token",
        "Nothing in the request is a secret. The client says who it is by client_id, "
        "and has proved it in the handshake.",
        rule="RFC 8705 section 2",
        expected="200",
        request=request_token(
            client, choose_endpoint(metadata, "token_endpoint"), _SCOPE
        ),
    )
    token = judge_token_response(_present(answer)).access_token
    header, claims = (_decoded(part) for part in token.split(".")[:2])
    await stage.derivation(
        "What the token says",
        "A JWT access token: a header, the claims, a signature. The claim cnf names "
        "the certificate that whoever presents the token must prove.",
        rule="RFC 9068 section 2",
        lines=[*_members(header), *_members(claims)],
        expected="at+jwt",
        came=str(header.get("typ")),
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
        "The thumbprint, step by step",
        "The certificate as it crossed the wire (DER, not PEM), its SHA-256 digest, "
        "and that in base64url without padding: 43 characters.",
        rule="RFC 8705 section 3.1",
        lines=[
            ("certificate", f"{len(der)} bytes of DER: {der[:20].hex(' ')} …"),
            ("SHA-256", sha256(der).hexdigest()),
            ("base64url", x5t_s256(der)),
            ("cnf x5t#S256", str(confirmation["x5t#S256"])),
        ],
        expected=x5t_s256(der),
        came=str(confirmation["x5t#S256"]),
    )


async def _jwt_at_the_bank(
    stage: Stage, cast: Cast, client: Identity, token: str
) -> None:
    await stage.act(
        "The token at the bank: JWT confirmation method",
        "The resource server verifies the token with a key from the authorization "
        "server's jwks_uri, and compares its cnf with the certificate of this very "
        "connection. It asks nobody about the token.",
    )
    await stage.exchange(
        "The client reads its accounts",
        "Another connection to another server, and the same certificate.",
        rule="RFC 8705 section 3",
        expected="200",
        request=request_resource(client, f"{cast.resource}/accounts", token),
    )


async def _introspection(stage: Stage, cast: Cast, metadata: ServerMetadata) -> str:
    await stage.act(
        "The same with an opaque token: introspection",
        "This client's tokens are random strings. The resource server asks the "
        "authorization server what one means; the answer has the same cnf.",
    )
    client = cast.honest("tpp-opaque")
    answer = await stage.exchange(
        "Another client asks for a token",
        "The authorization server keeps what the token means, and only its hash.",
        rule="RFC 8705 section 2",
        expected="200",
        request=request_token(
            client, choose_endpoint(metadata, "token_endpoint"), _SCOPE
        ),
    )
    token = judge_token_response(_present(answer)).access_token
    await stage.exchange(
        "It reads its accounts",
        "The resource server authenticates to the introspection endpoint with its "
        "own certificate, and compares the cnf of the answer with the certificate "
        "the client has proved to it, not with its own.",
        rule="RFC 8705 section 3.2",
        expected="200",
        request=request_resource(client, f"{cast.resource}/accounts", token),
    )
    return token


async def _self_signed(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    await stage.act(
        "A client nobody vouches for",
        "No CA has signed this client's certificate. It is registered itself, and "
        "that is enough: the handshake proves the key.",
    )
    client = cast.honest("tpp-self-signed")
    answer = await stage.exchange(
        "It asks for a token with its self-signed certificate",
        "The same listener, which lets every certificate pass; the registration "
        "decides what it is compared with.",
        rule="RFC 8705 section 2.2",
        expected="200",
        request=request_token(
            client, choose_endpoint(metadata, "token_endpoint"), _SCOPE
        ),
    )
    token = judge_token_response(_present(answer)).access_token
    await stage.exchange(
        "It reads its accounts",
        "The resource server does not judge chains. The thumbprint decides.",
        rule="RFC 8705 section 6.2",
        expected="200",
        request=request_resource(client, f"{cast.resource}/accounts", token),
    )


async def _stolen_tokens(stage: Stage, cast: Cast, jwt: str, opaque: str) -> None:
    await stage.act(
        "The thief: stolen tokens",
        "A bearer token would be good in anybody's hands. The thief has the token of "
        "act 2, unexpired and genuine, and a certificate of the same CA.",
    )
    accounts = f"{cast.resource}/accounts"
    victim = "banking-client"
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
        await stage.exchange(
            f"The stolen token, {how}",
            "The certificate of the connection is not the one the token names.",
            rule="RFC 8705 section 3",
            expected="401 invalid_token",
            request=request_resource(thief, accounts, token),
        )


async def _false_clients(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    await stage.act(
        "The thief: in the client's name",
        "If a stolen token is of no use, the thief wants one of its own, issued to "
        "the victim's client_id. The peer always hears the same; the log says why.",
    )
    endpoint = choose_endpoint(metadata, "token_endpoint")
    victim, thief = cast.credential("banking-client"), cast.credential("other-tpp")
    appended = Credential((*thief.chain, victim.leaf), thief.private_key)
    await stage.exchange(
        "One client's client_id with another's certificate",
        "A good certificate of the right CA, for somebody else.",
        rule="RFC 8705 section 2",
        expected="401 invalid_client",
        request=request_token(cast.identity("banking-client", thief), endpoint, _SCOPE),
    )
    await stage.exchange(
        "The victim's certificate sent along behind the thief's",
        "Certificates are public. Only the first one's key signs the handshake, so "
        "only the first one identifies (CVE-2023-2422 compared them all).",
        rule="RFC 8705 section 2.1",
        expected="401 invalid_client",
        request=request_token(
            cast.identity("banking-client", appended), endpoint, _SCOPE
        ),
    )
    for name, fault, rule in _ROGUES:
        rogue = cast.identity("banking-client", cast.credential(name))
        await stage.exchange(
            f"The right name in a certificate {fault}",
            f"{name} carries the subject that banking-client is registered with.",
            rule=rule,
            expected="401 invalid_client",
            request=request_token(rogue, endpoint, _SCOPE),
        )


async def _revocation(
    stage: Stage, cast: Cast, metadata: ServerMetadata, opaque: str
) -> None:
    await stage.act(
        "The client gives its token back",
        "A token that is no longer needed is revoked, by the client it belongs to.",
    )
    client = cast.honest("tpp-opaque")
    endpoint = choose_endpoint(metadata, "revocation_endpoint")
    await stage.exchange(
        "The client revokes the token of act 4",
        "Recorded before it is answered, so that no crash brings the token back.",
        rule="RFC 7009 section 2",
        expected="200",
        request=request_revocation(client, endpoint, opaque),
    )
    await stage.exchange(
        "The revoked token, with the right certificate",
        "Introspection now says that the token is not active, and nothing else.",
        rule="RFC 6750 section 3.1",
        expected="401 invalid_token",
        request=request_resource(client, f"{cast.resource}/accounts", opaque),
    )


def _present(answer: Answer | None) -> Answer:
    """The answer the next act builds on; without it there is none."""
    if answer is None:
        raise SystemExit("the demo cannot go on without this answer")
    return answer


def _decoded(segment: str) -> dict[str, object]:
    """A segment of a JWT; nothing is verified, this is for looking at."""
    padded = segment + "=" * (-len(segment) % 4)
    members: dict[str, object] = json.loads(urlsafe_b64decode(padded))
    return members


def _members(members: dict[str, object]) -> list[tuple[str, str]]:
    return [(name, json.dumps(value).strip('"')) for name, value in members.items()]
