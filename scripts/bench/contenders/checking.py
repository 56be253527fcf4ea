"""
That a contender does the work it is measured at.

By the standard library's TLS, which verifies the server, and by nothing of ours that is
measured.
"""

import base64
import hashlib
import json
import socket
import ssl
from typing import Any

from scripts.bench import clients
from scripts.bench.contenders.child import HOST
from scripts.bench.contenders.contender import Skipped
from scripts.bench.contenders.site import Site
from scripts.bench.load.answers import Answer, whole

_PATIENCE = 20.0  # seconds


def exchange(site: Site, port: int, name: str | None, request: bytes) -> Answer:
    """
    The answer to *request*, sent with the certificate of *name*.

    Raises:
        Skipped: there is none.
    """
    tls = ssl.create_default_context(cafile=site.server_roots)
    if name is not None:
        tls.load_cert_chain(site.certificate(name), site.key(name))
    received = b""
    try:
        with (
            socket.create_connection((HOST, port), _PATIENCE) as plain,
            tls.wrap_socket(plain, server_hostname="localhost") as connection,
        ):
            connection.sendall(request)
            while (answer := whole(received)) is None:
                more = connection.recv(65536)
                if not more:
                    raise Skipped(f"hangs up after {received[:200]!r}")
                received += more
            return answer
    except (OSError, ValueError) as problem:
        raise Skipped(f"does not answer: {problem}") from problem


def success(site: Site, port: int, name: str | None, request: bytes) -> bytes:
    """
    The body of a 200.

    Raises:
        Skipped: it is none.
    """
    answer = exchange(site, port, name, request)
    if answer.status != 200:
        raise Skipped(f"answers {answer.status}: {answer.body[:200]!r}")
    return answer.body


def access_token(body: bytes) -> str:
    """The token of a token response."""
    return str(json.loads(body)["access_token"])


def verify_jwt(site: Site, name: str, alg: str, token: str) -> None:
    """
    The JWT is signed with *alg*, for the certificate of *name* (RFC 8705 section 3.1).

    Raises:
        Skipped: it is another.
    """
    header, claims = (_part(each) for each in token.split(".")[:2])
    if header["alg"] != alg:
        raise Skipped(f"signs with {header['alg']}, not {alg}")
    verify_bound(site, name, claims)


def verify_bound(site: Site, name: str, members: dict[str, Any]) -> None:
    """
    `cnf` names the certificate of *name*.

    Raises:
        Skipped: it does not.
    """
    pem = site.certificate(name).read_text(encoding="ascii")
    leaf = ssl.PEM_cert_to_DER_cert(
        pem[: pem.index("-----END")] + "-----END CERTIFICATE-----"
    )
    digest = hashlib.sha256(leaf).digest()
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    found = members.get("cnf", {}).get("x5t#S256")
    if found != expected:
        raise Skipped(f"its token is bound to {found}, not to {expected}")


def verify_introspected(site: Site, name: str, body: bytes) -> None:
    """
    The token of *name* is active, and bound (RFC 8705 section 3.2).

    Raises:
        Skipped: it is not.
    """
    members = json.loads(body)
    if members.get("active") is not True:
        raise Skipped("says of its own token that it is not active")
    verify_bound(site, name, members)


def verify_resource(site: Site, port: int, name: str, request: bytes) -> None:
    """
    *request* is answered to whom its token belongs, and to no thief.

    Raises:
        Skipped: otherwise.
    """
    success(site, port, name, request)
    stolen = exchange(site, port, clients.THIEF.client_id, request).status
    if stolen != 401:
        raise Skipped(f"answers {stolen} to a thief")


def _part(encoded: str) -> dict[str, Any]:
    padded = encoded + "=" * (-len(encoded) % 4)
    part = json.loads(base64.urlsafe_b64decode(padded))
    assert isinstance(part, dict)  # noqa: S101 - of a peer that is measured
    return part
