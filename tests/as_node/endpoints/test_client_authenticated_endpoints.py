"""
Who gets in at `/token`, `/introspect`, `/revoke` and `/par`: the same rule at each,
on both listeners.
"""

from base64 import b64encode
from collections.abc import Callable

import pytest

from as_node.clients.client_assertion import ASSERTION_TYPE
from pki.issuing.rogues import ROGUES
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)

StartAs = Callable[..., Deployment]

GRANT = {"grant_type": "client_credentials", "token": "any"}

PATHS = pytest.mark.parametrize("path", ["/token", "/introspect", "/revoke", "/par"])
LISTENERS = pytest.mark.parametrize("base", [CONVENTIONAL, MUTUAL_TLS])
CLIENTS = pytest.mark.parametrize("client_id", ["banking-client", "tpp-self-signed"])


@PATHS
def test_its_own_certificate(server: Deployment, path: str) -> None:
    """RFC 8705 section 2: the client that shows its certificate is let in."""
    answer = server.post(
        MUTUAL_TLS + path,
        {**GRANT, "client_id": "accounts-rs"},
        certificate="accounts-rs",
    )
    if path == "/par":  # let in, and it has no customers to ask
        assert_refused(answer, 400, "unauthorized_client")
    else:
        assert answer.status == 200


@pytest.mark.check("client-auth.subject")
@PATHS
@LISTENERS
@CLIENTS
def test_anothers_certificate(
    server: Deployment, path: str, base: str, client_id: str
) -> None:
    """RFC 8705 section 2: a certificate of ours, and not of this client: nobody."""
    answer = server.post(
        base + path, {**GRANT, "client_id": client_id}, certificate="other-tpp"
    )
    assert_refused(answer, 401, "invalid_client")
    assert answer.header("www-authenticate") is None


@pytest.mark.check("client-auth.certificate-presented")
@PATHS
@LISTENERS
@CLIENTS
def test_no_certificate(
    server: Deployment, path: str, base: str, client_id: str
) -> None:
    """RFC 6749 section 5.2: an answer that can be read, and no broken handshake."""
    answer = server.post(
        base + path, {**GRANT, "client_id": client_id}, certificate=None
    )
    assert_refused(answer, 401, "invalid_client")
    assert answer.header("www-authenticate") is None


@PATHS
@CLIENTS
def test_the_conventional_listener_sees_no_certificate(
    server: Deployment, path: str, client_id: str
) -> None:
    """RFC 8705 section 5: who comes to the wrong port is told so, in the log."""
    answer = server.post(
        CONVENTIONAL + path, {**GRANT, "client_id": client_id}, certificate=client_id
    )
    assert_refused(answer, 401, "invalid_client")
    assert "mtls_endpoint_aliases" in server.log.getvalue()


@pytest.mark.check("client-auth.known-client")
@PATHS
@LISTENERS
def test_no_client_id(server: Deployment, path: str, base: str) -> None:
    """RFC 8705 section 2: the client is never guessed from its certificate."""
    answer = server.post(base + path, GRANT, certificate="accounts-rs")
    assert_refused(answer, 401, "invalid_client")


@PATHS
@LISTENERS
@pytest.mark.parametrize("client_id", ["nobody", "Banking-client", " ", "\x00"])
def test_an_unknown_client(
    server: Deployment, path: str, base: str, client_id: str
) -> None:
    """RFC 6749 section 5.2: nobody we know, answered like anybody not let in."""
    answer = server.post(
        base + path, {**GRANT, "client_id": client_id}, certificate="banking-client"
    )
    assert_refused(answer, 401, "invalid_client")


@PATHS
@LISTENERS
@pytest.mark.parametrize(
    "mechanism",
    [
        {"client_secret": "a secret"},
        {"client_assertion": "a.b.c"},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:x"},
        {"client_assertion_type": ASSERTION_TYPE, "client_assertion": "e30.e30.AAAA"},
    ],
)
def test_another_method(
    server: Deployment, path: str, base: str, mechanism: dict[str, str]
) -> None:
    """RFC 8705 section 2: a client is what it registered; a secret opens nothing."""
    answer = server.post(
        base + path,
        {**GRANT, **mechanism, "client_id": "accounts-rs"},
        certificate="accounts-rs",
    )
    if base == MUTUAL_TLS and "client_secret" in mechanism:
        # RFC 6749 section 5.2: more than one mechanism.
        assert_refused(answer, 400, "invalid_request")
    else:
        assert_refused(answer, 401, "invalid_client")


@pytest.mark.check("client-auth.no-authorization-header")
@PATHS
@LISTENERS
def test_an_authorization_header(server: Deployment, path: str, base: str) -> None:
    """RFC 6749 section 5.2: who tries the header is told a scheme, as it must be."""
    basic = b64encode(b"accounts-rs:secret").decode()
    answer = server.post(
        base + path,
        {**GRANT, "client_id": "accounts-rs"},
        certificate="accounts-rs",
        headers=(("Authorization", f"Basic {basic}"),),
    )
    assert_refused(answer, 401, "invalid_client")
    assert (answer.header("www-authenticate") or "").startswith("Basic ")


@pytest.mark.check("client-auth.chain")
@PATHS
@pytest.mark.parametrize("rogue", ROGUES)
def test_rogues(server: Deployment, path: str, rogue: str) -> None:
    """RFC 8705 section 2.1: the right name from anybody else, or not now: nobody."""
    answer = server.post(
        MUTUAL_TLS + path, {**GRANT, "client_id": "banking-client"}, certificate=rogue
    )
    assert_refused(answer, 401, "invalid_client")


@pytest.mark.check("client-auth.certificate-presented")
@PATHS
@pytest.mark.parametrize(
    "header",
    ["X-SSL-Client-Cert", "Client-Cert", "X-Client-Cert", "X-Forwarded-Client-Cert"],
)
def test_a_certificate_in_a_header(server: Deployment, path: str, header: str) -> None:
    """RFC 8705 section 2: only a handshake proves a key; a header proves nothing."""
    der = server.issued.load("accounts-rs").leaf_der
    answer = server.post(
        MUTUAL_TLS + path,
        {**GRANT, "client_id": "accounts-rs"},
        certificate=None,
        headers=((header, f":{b64encode(der).decode()}:"),),
    )
    assert_refused(answer, 401, "invalid_client")


@PATHS
def test_the_same_answer_to_all(server: Deployment, path: str) -> None:
    """RFC 6749 section 5.2: nobody learns whether a client exists, or what it lacks."""
    attempts = [
        ("banking-client", "other-tpp"),
        ("banking-client", "rogue-expired"),
        ("banking-client", "rogue-revoked"),
        ("banking-client", None),
        ("tpp-self-signed", "other-tpp"),
        ("nobody", "other-tpp"),
    ]
    answers = {
        server.post(
            MUTUAL_TLS + path, {**GRANT, "client_id": client_id}, certificate=who
        ).body
        for client_id, who in attempts
    }
    assert len(answers) == 1


def test_refusals_lock_nobody_out(server: Deployment) -> None:
    """Whoever knows a `client_id` cannot shut its owner out by trying."""
    for _ in range(50):
        answer = server.token_request("banking-client", certificate="rogue-expired")
        assert answer.status == 401
    assert members(server.token_request("banking-client"), 200)


def test_revocation_checking_can_be_seen_to_be_off(start_as: StartAs) -> None:
    """RFC 8705 section 7.5: without revocation lists a revoked certificate gets in."""
    server = start_as(("check_revocation = true", "check_revocation = false"))
    answer = server.token_request("banking-client", certificate="rogue-revoked")
    assert members(answer, 200)
