"""The octets of the corpus at nginx: we take nothing for a request that it refuses."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pki.mtls.http1.corpus import CASES

NGINX = shutil.which("nginx", path=f"{os.defpath}:/usr/sbin:/sbin")
PATIENCE = 60  # seconds: not what it takes, but when to give up

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]

CONFIGURATION = """
user root; pid pid; error_log error.log;
events {{}}
http {{
  access_log off; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  large_client_header_buffers 4 16k; client_max_body_size 64k;
  server {{
    listen unix:{folder}/front; proxy_ignore_client_abort on;
    location / {{ proxy_pass http://unix:{folder}/back; }}
  }}
  server {{
    listen unix:{folder}/back; location / {{ return 200 "<$request_uri>"; }}
  }}
}}
"""

# What it refuses by choice, and the RFC does not ask to.
REFUSED_BY_NGINX_ALONE = {
    "line: a method in small letters",  # a method like any other: RFC 9110 section 9.1
    "line: asterisk-form",  # nobody serves it here: RFC 9112 section 3.2.4
    "line: authority-form",  # nor a tunnel: section 3.2.3
    "line: CONNECT with a body",
    "length: a length in white space",  # a tab is allowed: RFC 9110 section 5.6.3
}


@pytest.fixture(scope="module")
def nginx() -> Iterator[Path]:
    """The socket of one that reads whole requests, and has another tell targets."""
    assert NGINX is not None
    # A path of a socket has 107 octets at most.
    with tempfile.TemporaryDirectory(
        prefix="nginx", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        file = folder / "nginx.conf"
        file.write_text(CONFIGURATION.format(folder=folder))
        # It listens when this command ends, and goes on behind it.
        options = ["-p", name, "-c", str(file), "-e", str(folder / "error.log")]
        subprocess.run([NGINX, *options], check=True, timeout=PATIENCE)
        yield folder / "front"
        os.kill(int((folder / "pid").read_text()), signal.SIGTERM)


def answered(front: Path, octets: bytes) -> list[str]:
    """The targets of the requests that were answered, in order."""
    received = b""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(PATIENCE)
        peer.connect(str(front))
        try:
            peer.sendall(octets)
            peer.shutdown(socket.SHUT_WR)
            while part := peer.recv(65536):
                received += part
        except ConnectionError:  # it closes on what it does not read
            pass
    return [
        each.decode("latin-1") for each in re.findall(rb"\r\n\r\n<(/[^>]*)>", received)
    ]


@pytest.mark.parametrize("name", CASES)
def test_nothing_that_nginx_refuses(nginx: Path, name: str) -> None:
    """RFC 9112 section 11.2: whoever stands before us reads no other requests."""
    ours, theirs = CASES[name].targets, answered(nginx, CASES[name].octets)
    if name in REFUSED_BY_NGINX_ALONE:
        assert theirs == []
    else:
        assert theirs[: len(ours)] == ours
