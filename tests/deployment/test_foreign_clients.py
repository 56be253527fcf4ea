"""curl, openssl and httpx against the three processes: programs that know us not."""

import collections
import json
import socket
import ssl
import subprocess
from urllib.parse import urlsplit

import httpx
import pytest

from pki.thumbprint import x5t_s256
from tests.deployment.running import PATIENCE, Running


def curl(running: Running, *arguments: str, party: str | None = None) -> str:
    """What curl prints: the answer's body, its status, and its WWW-Authenticate."""
    command = ["curl", "--silent", "--show-error", "--cacert", running.server_roots]
    if party is not None:
        certificate, key = running.certificate(party)
        command += ["--cert", certificate, "--key", key]
    command += ["--write-out", "\n%{http_code} %header{www-authenticate}", *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    return done.stdout


def test_curl_obtains_a_token_and_uses_it(running: Running) -> None:
    """RFC 8705 section 2: what the README shows with curl works as written there."""
    form = "grant_type=client_credentials&client_id=banking-client&scope=accounts"
    answer, _, status = curl(
        running, "--data", form, f"{running.mtls}/token", party="banking-client"
    ).rpartition("\n")
    assert status.strip() == "200"
    token = json.loads(answer)["access_token"]
    bearer = f"Authorization: Bearer {token}"
    accounts = f"{running.resource}/accounts"
    good = curl(running, "--header", bearer, accounts, party="banking-client")
    assert good.rpartition("\n")[2].strip() == "200"
    stolen = curl(running, "--header", bearer, accounts, party="other-tpp")
    assert stolen.rpartition("\n")[2].startswith("401 Bearer ")
    assert 'error="invalid_token"' in stolen


def test_curl_without_a_certificate_hears_an_oauth_error(running: Running) -> None:
    """RFC 8705 section 6.1: the handshake passes, and the refusal is an answer."""
    form = "grant_type=client_credentials&client_id=banking-client"
    for base in (running.mtls, running.issuer):
        answer, _, status = curl(running, "--data", form, f"{base}/token").rpartition(
            "\n"
        )
        assert status == "401 "
        assert json.loads(answer)["error"] == "invalid_client"


def s_client(running: Running, url: str, *arguments: str) -> str:
    """What `openssl s_client` says of a handshake, however it ends."""
    address = urlsplit(url).netloc
    trust = ["-CAfile", running.server_roots]
    done = subprocess.run(
        ["openssl", "s_client", "-connect", address, *trust, *arguments],
        input="",
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_only_the_conventional_listener_asks_for_nothing(
    running: Running, version: str
) -> None:
    """RFC 8705 section 5: no CertificateRequest there, always one elsewhere."""
    conventional = s_client(running, running.issuer, version, "-msg")
    assert "ServerHello" in conventional
    assert "CertificateRequest" not in conventional
    for url in (running.mtls, running.resource):
        assert "CertificateRequest" in s_client(running, url, version, "-msg")
    assert "CertificateRequest" not in s_client(
        running, running.client, version, "-msg"
    )


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_old_tls_is_refused_everywhere(running: Running, version: str) -> None:
    """RFC 9325 section 3.1.1: neither TLS 1.0 nor 1.1, on any listener."""
    for url in (running.issuer, running.mtls, running.resource, running.client):
        said = s_client(running, url, version, "-cipher", "ALL:@SECLEVEL=0")
        assert "Cipher is (NONE)" in said or "no protocols available" in said


def test_a_session_is_not_resumed(running: Running) -> None:
    """RFC 8705 section 2: every connection proves the certificate anew."""
    certificate, key = running.certificate("banking-client")
    for version in ("-tls1_2", "-tls1_3"):
        said = s_client(
            running,
            running.mtls,
            version,
            "-reconnect",
            "-cert",
            certificate,
            "-key",
            key,
        )
        assert "New, TLSv1" in said
        assert "Reused, TLSv1" not in said


def mutual(running: Running, party: str) -> httpx.Client:
    """httpx with the certificate of a party."""
    context = ssl.create_default_context(cafile=running.server_roots)
    context.load_cert_chain(*running.certificate(party))
    return httpx.Client(verify=context, timeout=PATIENCE)


def obtain(running: Running, client: httpx.Client, client_id: str) -> httpx.Response:
    """A token request at the mutual-TLS endpoint."""
    form = {"grant_type": "client_credentials", "client_id": client_id}
    return client.post(f"{running.mtls}/token", data={**form, "scope": "accounts"})


@pytest.mark.parametrize(
    "party",
    [
        "banking-client",
        "other-tpp",
        "tpp-san-dns",
        "tpp-san-uri",
        "tpp-san-ip",
        "tpp-san-email",
        "tpp-self-signed",
        "tpp-self-signed-jwks-uri",
        "tpp-opaque",
        "accounts-rs",
    ],
)
def test_every_confidential_client_reads_its_own_accounts(
    running: Running, party: str
) -> None:
    """The contract: client_credentials, scope accounts, accounts of its own."""
    with mutual(running, party) as client:
        answer = obtain(running, client, party)
        assert answer.status_code == 200, answer.text
        token = answer.json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        accounts = client.get(f"{running.resource}/accounts", headers=bearer)
        assert accounts.status_code == 200
        assert accounts.json()["accounts"]


@pytest.mark.parametrize(
    "rogue",
    [
        "rogue-unknown-ca",
        "rogue-self-signed",
        "rogue-expired",
        "rogue-not-yet-valid",
        "rogue-server-only",
        "rogue-not-a-ca",
        "rogue-revoked",
    ],
)
def test_no_rogue_passes_for_the_banking_client(running: Running, rogue: str) -> None:
    """RFC 8705 section 2.1: the right name in the wrong certificate is refused."""
    with mutual(running, rogue) as client:
        answer = obtain(running, client, "banking-client")
        assert answer.status_code == 401
        assert answer.json()["error"] == "invalid_client"
        assert "www-authenticate" not in answer.headers


def test_a_revoked_token_ends_at_once(running: Running) -> None:
    """RFC 7009 section 2: its own client revokes it, and the bank refuses it."""
    with mutual(running, "tpp-opaque") as client:
        token = obtain(running, client, "tpp-opaque").json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        accounts = f"{running.resource}/accounts"
        assert client.get(accounts, headers=bearer).status_code == 200
        form = {"client_id": "tpp-opaque", "token": token}
        assert client.post(f"{running.mtls}/revoke", data=form).status_code == 200
        assert client.get(accounts, headers=bearer).status_code == 401


def test_introspection_shows_the_clients_thumbprint(running: Running) -> None:
    """RFC 8705 section 3.2: cnf as issued, whoever asks."""
    with mutual(running, "banking-client") as client:
        token = obtain(running, client, "banking-client").json()["access_token"]
    with mutual(running, "accounts-rs") as resource_server:
        form = {"client_id": "accounts-rs", "token": token}
        answer = resource_server.post(f"{running.mtls}/introspect", data=form).json()
    pem = (running.issued / "banking-client.pem").read_text()
    leaf = pem[: pem.index("-----END CERTIFICATE-----") + 25]
    der = ssl.PEM_cert_to_DER_cert(leaf)
    assert answer["active"] is True
    assert answer["cnf"] == {"x5t#S256": x5t_s256(der)}


def test_the_metadata_tells_where_everything_is(running: Running) -> None:
    """RFC 8414 section 3; RFC 9728 section 3: what is advertised is served."""
    with mutual(running, "banking-client") as client:
        server = client.get(f"{running.issuer}/.well-known/oauth-authorization-server")
        metadata = server.json()
        assert metadata["issuer"] == running.issuer
        assert metadata["tls_client_certificate_bound_access_tokens"] is True
        for name, url in metadata["mtls_endpoint_aliases"].items():
            assert name in metadata
            assert url.startswith(running.mtls)
            assert client.post(url).status_code in (400, 401)
        assert client.get(metadata["jwks_uri"]).json()["keys"]
        bank = client.get(f"{running.resource}/.well-known/oauth-protected-resource")
        assert bank.json()["resource"] == running.resource
        assert bank.json()["authorization_servers"] == [running.issuer]


def test_http_1_1_is_all_there_is(running: Running) -> None:
    """RFC 7301 section 3.2: who offers more is given HTTP/1.1."""
    said = s_client(running, running.mtls, "-alpn", "h2,http/1.1")
    assert "ALPN protocol: http/1.1" in said
    alone = s_client(running, running.mtls, "-alpn", "h2")
    assert "no application protocol" in alone


def test_a_peer_that_does_not_read_is_not_read(running: Running) -> None:
    """Answers nobody takes are not piled up: after a while no request is read."""
    host, port = urlsplit(running.issuer).hostname, urlsplit(running.issuer).port
    context = ssl.create_default_context(cafile=running.server_roots)
    requests = b"GET /jwks HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200
    with (
        socket.create_connection((host, port)) as tcp,
        context.wrap_socket(tcp, server_hostname=host) as tls,
    ):
        tls.settimeout(2)
        with pytest.raises(TimeoutError):  # 40 MB, more than sockets' buffers hold
            collections.deque(map(tls.sendall, [requests] * 5000), maxlen=0)
    with mutual(running, "banking-client") as client:
        assert obtain(running, client, "banking-client").status_code == 200
