"""Keycloak, one node with its database in memory: the token rows."""

import json
import subprocess
from contextlib import ExitStack
from pathlib import Path

from scripts.bench import clients
from scripts.bench.cases import KEPT
from scripts.bench.clients import BenchClient
from scripts.bench.contenders import checking, packages, requests
from scripts.bench.contenders.child import HOST, started, wait_for
from scripts.bench.contenders.contender import Running, Skipped, Work
from scripts.bench.contenders.rotation import TokenSource, alike
from scripts.bench.contenders.site import Site
from scripts.bench.load.callers import Caller
from scripts.bench.load.loading import Loading
from scripts.deployment.own_nodes import free_ports

_VERSION = "26.7.3"
_ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{_VERSION}:tar.gz"
_TOKEN = "/realms/bank/protocol/openid-connect/token"  # noqa: S105 - a path
_PASSWORD = "changeit"  # noqa: S105 - of a file that holds public certificates
_PATIENCE = 240.0  # seconds: it builds itself at its first start
_CLIENTS = (clients.ES256, clients.PS256)
# It warns of a deprecated setting in each token request, which nobody would leave so.
_LOG = "info,org.keycloak.authentication.authenticators.client:error"
_WARMING = 10.0  # seconds of each kind of token, until the JVM has compiled the most


def start(site: Site, stack: ExitStack) -> Running:
    """
    Start it.

    Raises:
        Skipped: there is no Java or Maven, or no package, or it does something else.
    """
    installed = packages.kept(site.packages, f"keycloak-{_VERSION}", _install)
    home = installed / f"keycloak-{_VERSION}"
    folder = site.folder / "keycloak"
    folder.mkdir()
    (port, plain) = free_ports(2)
    imported = home / "data" / "import"
    imported.mkdir(parents=True, exist_ok=True)
    (imported / "bank.json").write_text(json.dumps(_realm()), encoding="utf-8")
    trusted = folder / "client-roots.p12"
    _trust(site.client_roots, trusted)
    command = [
        str(home / "bin" / "kc.sh"),
        "start",
        "--import-realm",
        "--cache=local",
        f"--log-level={_LOG}",
        "--db=dev-mem",
        f"--http-host={HOST}",
        f"--http-port={plain}",
        f"--https-port={port}",
        f"--hostname=https://localhost:{port}",
        f"--https-certificate-file={site.certificate('as')}",
        f"--https-certificate-key-file={site.key('as')}",
        "--https-client-auth=request",
        "--https-protocols=TLSv1.3",
        f"--https-trust-store-file={trusted}",
        f"--https-trust-store-password={_PASSWORD}",
        "--https-trust-store-type=PKCS12",
    ]
    pid = started(command, folder, site.core, stack)
    wait_for(port, pid, folder, _PATIENCE)
    for client in _CLIENTS:
        token = TokenSource(site, port, _TOKEN).one(client)
        checking.verify_jwt(site, client.client_id, client.alg, token)

    def tokens(client: BenchClient) -> list[Caller]:
        request = requests.token(port, _TOKEN, client.client_id)
        return alike(site, port, client.client_id, request)

    work: dict[str, Work] = {
        "token-es256": lambda: tokens(clients.ES256),
        "token-ps256": lambda: tokens(clients.PS256),
    }
    for callers in work.values():
        warming = Loading(callers(), KEPT)
        warming.run(_WARMING)
        warming.close()
    return Running(f"Keycloak {_VERSION}", [pid], work)


def _install(folder: Path) -> None:
    copied = ["mvn", "-q", "dependency:copy", f"-Dartifact={_ARTIFACT}"]
    packages.done([*copied, f"-DoutputDirectory={folder}"], folder)
    archive = f"keycloak-quarkus-dist-{_VERSION}.tar.gz"
    packages.done(["tar", "-xzf", archive], folder)
    (folder / archive).unlink()


def _trust(roots: Path, store: Path) -> None:
    """
    A key store with the client authority's root.

    Raises:
        Skipped: there is no keytool.
    """
    command = ["keytool", "-importcert", "-noprompt", "-alias", "root"]
    files = ["-file", str(roots), "-keystore", str(store), "-storetype", "PKCS12"]
    try:
        subprocess.run(
            [*command, *files, "-storepass", _PASSWORD], capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Skipped("there is no keytool") from problem


def _realm() -> dict[str, object]:
    return {
        "realm": "bank",
        "enabled": True,
        "sslRequired": "all",
        "clientScopes": [
            {
                "name": clients.SCOPE,
                "protocol": "openid-connect",
                "attributes": {"include.in.token.scope": "true"},
            }
        ],
        "clients": [_registered(client) for client in _CLIENTS],
    }


def _registered(client: BenchClient) -> dict[str, object]:
    # It writes the organizationIdentifier as the DER that RFC 4514 section 2.4 has
    # for types without a name: 0C (UTF8String), the length, the octets.
    dn, before, rest = client.subject_dn.partition("2.5.4.97=")
    value, _, behind = rest.partition(",")
    octets = value.encode()
    as_der = f"#0c{len(octets):02x}{octets.hex()}"
    return {
        "clientId": client.client_id,
        "enabled": True,
        "protocol": "openid-connect",
        "publicClient": False,
        "standardFlowEnabled": False,
        "serviceAccountsEnabled": True,
        "clientAuthenticatorType": "client-x509",
        "optionalClientScopes": [clients.SCOPE],
        "attributes": {
            "x509.subjectdn": f"{dn}{before}{as_der},{behind}",
            "x509.allow.regex.pattern.comparison": "false",
            "tls.client.certificate.bound.access.tokens": "true",
            "access.token.header.type.rfc9068": "true",
            "access.token.signed.response.alg": client.alg,
        },
    }
