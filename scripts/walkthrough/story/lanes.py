"""Where everybody is drawn, and who a client is."""

from typing import Literal

from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.story.story import Handshake

Lane = Literal["browser", "client", "as", "rs", "thief"]


def lane_of_server(node: str) -> Lane:
    """Where a server is drawn; a twin's node is called after the one it resembles."""
    if node == "as" or node.endswith("-as"):
        return "as"
    if node == "rs" or node.endswith("-rs"):
        return "rs"
    return "client"


def who_asked(
    received: Event, asked: Event | None, handshake: Handshake
) -> tuple[str, Lane]:
    """Who asked, by the certificate of the connection, and where to draw it."""
    lane = "client" if asked is None else lane_of_server(asked["node"])
    if asked is not None and lane != "client":
        proven = handshake.client_certificate
        return str(asked["node"] if proven is None else proven.holder), lane
    if handshake.client_certificate is not None:
        # `accounts-rs` is the resource server, also where somebody plays its part.
        holder = handshake.client_certificate.holder
        return holder, lane_of_server(holder)
    return ("browser", "browser") if _is_browser(received) else ("anonymous", "client")


def _is_browser(received: Event) -> bool:
    """A browser says so: it takes HTML."""
    accepts = (v for name, v in received["headers"] if name.lower() == "accept")
    return any("text/html" in value for value in accepts)
