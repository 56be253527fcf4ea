"""Where a browser goes on with its request: a path of ours."""

from urllib.parse import urlencode

AUTHORIZE = "/authorize"


def authorize_path(client_id: str, request_uri: str) -> str:
    """The authorization endpoint with the only two parameters it takes."""
    query = urlencode({"client_id": client_id, "request_uri": request_uri})
    return f"{AUTHORIZE}?{query}"
