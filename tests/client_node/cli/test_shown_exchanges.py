"""What `-v` shows of messages that hold more than it may show."""

import io
from base64 import b64encode

from client_node.cli.printer import Printer
from client_node.cli.shown_exchanges import ShownExchanges


def shown(kind: str, **members: object) -> list[str]:
    """The lines of one event."""
    stream = io.StringIO()
    exchanges = ShownExchanges(Printer(stream, colour=False), None)
    exchanges.event(kind, **members)
    exchanges.close()
    return stream.getvalue().splitlines()


def test_every_token_of_a_response_is_masked() -> None:
    """Access, refresh and ID tokens, however the JSON is laid out."""
    body = '{"access_token": "secret-1",\n"refresh_token":"secret-2", "id_token" :"s3"}'
    text = "\n".join(shown("response", status=200, headers=[], body=body))
    assert "secret" not in text
    assert "s3" not in text
    assert text.count("(a token of ") == 3


def test_what_a_server_wrote_is_made_printable() -> None:
    """An escape sequence in a header does not reach the terminal."""
    headers = [["x", "\x1b[2J"]]
    lines = shown("response", status=200, headers=headers, body="")
    assert lines == ["< 200", r"< x: \x1b[2J"]


def test_a_certificate_that_cannot_be_read_is_said_to_be_one() -> None:
    """OpenSSL lets some pass that `cryptography` refuses."""
    lines = shown(
        "handshake",
        tls_version="TLSv1.3",
        cipher_suite="s",
        group="g",
        remote="r",
        certificate_requested=False,
        own_certificate=None,
        peer_certificate=b64encode(b"nonsense").decode(),
    )
    assert lines[1] == "* server's certificate: (unreadable)"
