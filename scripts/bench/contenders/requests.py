"""What is asked: requests as octets, made before they are sent."""

from urllib.parse import urlencode

from scripts.bench import clients

_FORM = "application/x-www-form-urlencoded"


def get(port: int, target: str, *headers: str) -> bytes:
    """A GET; *headers* are whole lines."""
    lines = [f"GET {target} HTTP/1.1", f"Host: localhost:{port}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def post(port: int, target: str, **parameters: str) -> bytes:
    """A form."""
    body = urlencode(parameters)
    head = (
        f"POST {target} HTTP/1.1",
        f"Host: localhost:{port}",
        f"Content-Type: {_FORM}",
        f"Content-Length: {len(body)}",
        "Accept: application/json",
    )
    return "\r\n".join([*head, "", body]).encode("latin-1")


def token(port: int, target: str, client_id: str) -> bytes:
    """RFC 6749 section 4.4.2, the client known by its certificate."""
    return post(
        port,
        target,
        grant_type="client_credentials",
        client_id=client_id,
        scope=clients.SCOPE,
    )


def introspection(port: int, target: str, about: str) -> bytes:
    """RFC 7662 section 2.1, by the resource server."""
    return post(port, target, client_id=clients.INTROSPECTING, token=about)


def accounts(port: int, access_token: str) -> bytes:
    """RFC 6750 section 2.1."""
    return get(port, "/accounts", f"Authorization: Bearer {access_token}")
