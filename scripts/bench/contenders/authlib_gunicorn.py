"""Authlib in Flask, served by gunicorn."""

import json
from contextlib import ExitStack
from pathlib import Path

from scripts.bench import clients
from scripts.bench.contenders import checking, packages, requests
from scripts.bench.contenders.child import HOST, started, wait_for
from scripts.bench.contenders.contender import Running
from scripts.bench.contenders.rotation import TokenSource, alike
from scripts.bench.contenders.site import Site
from scripts.deployment.own_nodes import free_ports

_SOURCE = Path(__file__).with_name("gunicorn_app")
_VERSION = "1.9.9"
_THREADS = "4"
_CLIENT_CERTIFICATE_REQUIRED = "2"  # ssl.CERT_REQUIRED


def start(site: Site, stack: ExitStack) -> Running:
    """
    Start it, one worker.

    Raises:
        Skipped: its packages cannot be had, or it does something else.
    """
    installed = packages.kept(
        site.packages,
        f"authlib-{_VERSION}",
        packages.virtual_environment(_SOURCE / "requirements.txt"),
    )
    folder = site.folder / "authlib"
    folder.mkdir()
    (port,) = free_ports(1)
    settings = folder / "config.json"
    settings.write_text(json.dumps(_config(port)), encoding="utf-8")
    command = [
        str(installed / "environment" / "bin" / "gunicorn"),
        *("--chdir", str(_SOURCE), "--bind", f"{HOST}:{port}"),
        *("--worker-class", "gthread", "--threads", _THREADS),
        *("--certfile", str(site.certificate("as")), "--keyfile", str(site.key("as"))),
        *("--ca-certs", str(site.client_roots)),
        *("--cert-reqs", _CLIENT_CERTIFICATE_REQUIRED),
        "authlib_app:app",
    ]
    environment = {"AUTHLIB_APP": str(settings), "PYTHONDONTWRITEBYTECODE": "1"}
    pid = started(command, folder, site.core, stack, environment)
    wait_for(port, pid, folder)
    client = clients.ES256
    token = TokenSource(site, port, "/token").one(client)
    checking.verify_jwt(site, client.client_id, client.alg, token)
    request = requests.token(port, "/token", client.client_id)
    work = {"token-es256": lambda: alike(site, port, client.client_id, request)}
    return Running(f"Authlib {_VERSION}, gunicorn 27.0.1", [pid], work)


def _config(port: int) -> dict[str, object]:
    return {
        "issuer": f"https://localhost:{port}",
        "resource": "https://localhost:9445",
        "clients": {client.client_id: client.subject_dn for client in (clients.ES256,)},
    }
