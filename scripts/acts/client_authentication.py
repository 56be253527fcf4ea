"""An act: how a client proves who it is, one kind beside the other."""

import time

from client_node.oauth.metadata.server_metadata import (
    ServerMetadata,
    choose_endpoint,
    judge_metadata,
    request_metadata,
)
from client_node.oauth.requests.identity import Identity
from client_node.oauth.token.client_assertion import (
    assertion_parameters,
    client_assertion,
)
from client_node.oauth.token.token_request import judge_token_response, request_token
from scripts.acts.outline import ACTS
from scripts.acts.steps.pki_or_self_signed import pki_or_self_signed
from scripts.acts.steps.tls_versions import what_is_seen_on_the_way
from scripts.stage.cast import SCOPE, Cast, present
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.walkthrough.story.unverified_jwt import confirmed, decoded

_SUBJECT, _SELF_SIGNED = "RFC 8705 section 2.1.2", "RFC 8705 section 2.2"

# What the registration of each is compared with.
_KINDS = (
    (
        "banking-client",
        Plan(
            "authentication.subject-dn",
            "By the subject's distinguished name",
            "The subject of the certificate is compared, attribute by attribute, with "
            "tls_client_auth_subject_dn, and its chain is verified up to a root.",
            _SUBJECT,
        ),
    ),
    (
        "tpp-san-dns",
        Plan(
            "authentication.san-dns",
            "By a DNS name",
            "The dNSName entries of the certificate are compared with "
            "tls_client_auth_san_dns; upper and lower case are the same.",
            _SUBJECT,
        ),
    ),
    (
        "tpp-san-uri",
        Plan(
            "authentication.san-uri",
            "By a URI",
            "The uniformResourceIdentifier entries are compared with "
            "tls_client_auth_san_uri, character by character.",
            _SUBJECT,
        ),
    ),
    (
        "tpp-san-ip",
        Plan(
            "authentication.san-ip",
            "By an IP address",
            "The iPAddress entries are compared with tls_client_auth_san_ip as "
            "addresses, however they are written.",
            _SUBJECT,
        ),
    ),
    (
        "tpp-san-email",
        Plan(
            "authentication.san-email",
            "By an e-mail address",
            "The rfc822Name entries are compared with tls_client_auth_san_email; upper "
            "and lower case are the same in its host, and only there.",
            _SUBJECT,
        ),
    ),
    (
        "tpp-self-signed",
        Plan(
            "authentication.self-signed",
            "By the certificate itself, registered by value",
            "No CA has signed it. The certificate is compared, whole, with those in "
            "the client's registered JWK set.",
            _SELF_SIGNED,
        ),
    ),
    (
        "tpp-self-signed-jwks-uri",
        Plan(
            "authentication.self-signed-jwks-uri",
            "By the certificate itself, registered by reference",
            "The same comparison, with the JWK set that lies at the client's jwks_uri "
            "now: the client renews its certificate without asking anybody.",
            _SELF_SIGNED,
        ),
    ),
)


async def client_authentication(
    stage: Stage, cast: Cast, application: Identity
) -> ServerMetadata:
    """Discovery, and then each kind of client asks for a token."""
    await stage.act(ACTS["authentication"])
    metadata = await _discovery(stage, cast)
    endpoint = choose_endpoint(metadata, "token_endpoint")
    for client_id, plan in _KINDS:
        request = request_token(cast.honest(client_id), endpoint, SCOPE)
        await stage.exchange(plan, request)
    await _assertion(stage, cast, metadata, endpoint)
    await _not_authenticated(stage, cast, application, metadata, endpoint)
    await pki_or_self_signed(stage)
    await what_is_seen_on_the_way(stage, cast, endpoint)
    return metadata


async def _discovery(stage: Stage, cast: Cast) -> ServerMetadata:
    """The client finds the token endpoint that speaks mutual TLS."""
    answer = await stage.exchange(
        Plan(
            "authentication.metadata",
            "The client reads the authorization server's metadata",
            "A listener is a port that the server waits at; this server has two. The "
            "conventional one sends no CertificateRequest, so that a browser never "
            "shows a dialog. The metadata say where mutual TLS is spoken.",
            rule="RFC 8414 section 3",
        ),
        request_metadata(cast.honest("banking-client"), cast.issuer),
    )
    metadata = judge_metadata(present(answer), cast.issuer)
    conventional = metadata.endpoints["token_endpoint"]
    await stage.derivation(
        Plan(
            "authentication.alias",
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
        by=choose_endpoint,
    )
    return metadata


async def _assertion(
    stage: Stage, cast: Cast, metadata: ServerMetadata, endpoint: str
) -> None:
    """`private_key_jwt`: authentication is one thing, binding another."""
    client = cast.honest("tpp-private-key-jwt")
    key = cast.signing_key("tpp-private-key-jwt")
    signed = client_assertion(key, client.client_id, metadata.issuer, time.time())
    plan = Plan(
        "authentication.assertion",
        "By an assertion that it signs, private_key_jwt",
        (
            "The signature is verified with the client's registered key. The "
            "certificate says nothing about who it is."
        ),
        "RFC 7523 section 3",
    )
    request = request_token(client, endpoint, SCOPE, assertion_parameters(signed))
    token = judge_token_response(present(await stage.exchange(plan, request)))
    claims = decoded(token.access_token.split(".")[1])
    plan = Plan(
        "authentication.assertion-bound",
        "Its token is bound all the same",
        "To the certificate of the connection it was asked for over. How a client "
        "authenticates and what its tokens are bound to are two matters.",
        "RFC 8705 section 3",
        str(client.x5t_s256),
    )
    bound_to = confirmed(claims)
    lines = [
        ("certificate presented", str(client.x5t_s256)),
        ("cnf x5t#S256", bound_to),
    ]
    await stage.derivation(plan, lines, bound_to)


async def _not_authenticated(
    stage: Stage,
    cast: Cast,
    application: Identity,
    metadata: ServerMetadata,
    endpoint: str,
) -> None:
    """Two that nothing is compared for."""
    plan = Plan(
        "authentication.public-client",
        "Not at all: a public client",
        "An application on a telephone keeps no secret. Its certificate, made by "
        "itself, is compared with nothing here, so it gets no token of its own. It is "
        "not useless: what a customer lets it do is bound to that certificate, in a "
        "later act.",
        "RFC 6749 section 4.4",
        "400 unauthorized_client, RFC 6749 section 5.2",
    )
    await stage.exchange(plan, request_token(application, endpoint, SCOPE))
    plan = Plan(
        "authentication.wrong-port",
        "With a good certificate, at the wrong port",
        "The conventional listener never asked for the certificate, so nothing was "
        "proved, whatever the client holds.",
        "RFC 8705 section 5",
        "401 invalid_client, RFC 8705 section 2",
    )
    conventional = metadata.endpoints["token_endpoint"]
    request = request_token(cast.honest("banking-client"), conventional, SCOPE)
    await stage.exchange(plan, request)
