"""The ceiling: nginx with a file, as Debian ships it, client certificates required."""

import re
import subprocess
from contextlib import ExitStack

from scripts.bench import clients
from scripts.bench.contenders import checking, requests
from scripts.bench.contenders.child import started, wait_for
from scripts.bench.contenders.contender import Running, Skipped
from scripts.bench.contenders.rotation import alike
from scripts.bench.contenders.site import Site
from scripts.deployment.own_nodes import free_ports

_CONFIGURATION = """\
daemon off;
pid {folder}/pid;
error_log stderr;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        root {folder}/static;
        open_file_cache max=10;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.3;
        ssl_session_cache off;
        ssl_session_tickets off;
        ssl_client_certificate {roots};
        ssl_verify_client on;
        ssl_verify_depth 2;
    }}
}}
"""


def start(site: Site, stack: ExitStack) -> Running:
    """
    Start it.

    Raises:
        Skipped: it is not installed, or does not run.
    """
    version = _version()
    (port,) = free_ports(1)
    folder = site.folder / "nginx"
    (folder / "static").mkdir(parents=True)
    (folder / "static" / "hello").write_bytes(b'{"hello": "world"}')
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            folder=folder,
            port=port,
            certificate=site.certificate("as"),
            key=site.key("as"),
            roots=site.client_roots,
        ),
        encoding="utf-8",
    )
    site.folder.chmod(0o711)  # its worker is another user, who reads the file
    command = ["nginx", "-e", "stderr", "-c", str(configuration)]
    pid = started(command, folder, site.core, stack)
    wait_for(port, pid, folder)
    name, request = clients.ES256.client_id, requests.get(port, "/hello")
    checking.success(site, port, name, request)
    work = {"hello": lambda: alike(site, port, name, request)}
    return Running(version, [pid], work)


def _version() -> str:
    try:
        said = subprocess.run(
            ["nginx", "-v"],  # noqa: S607 - where Debian put it
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Skipped("there is no nginx") from problem
    found = re.search(r"nginx/(\S+)", said.stderr)
    return f"nginx {found[1] if found else 'of an unknown version'}"
