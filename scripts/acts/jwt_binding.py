"""An act: a JWT, from the handshake to its cnf and back, RFC 8705 section 3.1."""

import json
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256

from client_node.oauth.metadata.server_metadata import ServerMetadata
from pki.thumbprint import x5t_s256
from scripts.acts.outline import ACTS
from scripts.stage.cast import Cast, members, obtain_token, read_accounts
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.walkthrough.story.unverified_jwt import confirmed, decoded

_SHELL = (
    "openssl x509 -in pki/issued/{name}.pem -outform der | openssl dgst -sha256 -binary"
    " | openssl base64 -A | tr '+/' '-_' | tr -d '='"
)


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
        "Another connection, another server, the same certificate. The bank has the "
        "issuer's keys and its list of revoked tokens, and asks nobody. Behind a proxy "
        "that ends TLS the proof of the key would be lost: the certificate would come "
        "in a header field, on the proxy's word (RFC 9440). The danger: whoever gets "
        "past the proxy, or his own field through it, could name any certificate.",
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
    await _by_hand(stage, cast)


async def _by_hand(stage: Stage, cast: Cast) -> None:
    """The same value as in the token, from the file and with what every system has."""
    name = "banking-client"
    der = cast.credential(name).leaf_der
    hashed = sha256(der).digest()
    by_hand = urlsafe_b64encode(hashed).rstrip(b"=").decode("ascii")
    told = stage.told("jwt.client-reads")
    bound_to = next(t.bound_to for t in told.tokens if t.place == "request")
    plan = Plan(
        "jwt.by-hand",
        "A cnf by hand",
        "From the certificate in a file: from PEM to DER, SHA-256 of the bytes and not "
        "of hex digits, base64 with - and _ for + and /, and no = at the end. It is "
        "what stands in the token.",
        "RFC 8705 section 3.1",
        bound_to,
    )
    lines = [
        ("in a shell", _SHELL.format(name=name)),
        ("it prints", by_hand),
        ("so the claim is", json.dumps({"cnf": {"x5t#S256": by_hand}})),
        ("in the token", bound_to),
    ]
    await stage.derivation(plan, lines, by_hand)


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
