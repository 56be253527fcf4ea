"""What is read of the authorization server, and how long it is waited for."""

from pki.bound import Bound
from rs_node.authorization_server.requests import DEADLINE
from rs_node.authorization_server.status_list import LARGEST_LIST
from rs_node.authorization_server.status_lists import MOST_LISTS

BOUNDS = (
    Bound(
        name="authorization-server.deadline",
        what="the wait for the authorization server",
        most=int(DEADLINE),
        unit="seconds",
        beyond="503 with `Retry-After`",
        why="somebody waits meanwhile",
    ),
    Bound(
        name="status-list.size",
        what="a status list, decompressed",
        most=LARGEST_LIST,
        unit="bytes",
        beyond="not taken, 503 with `Retry-After`",
        why="eight million tokens; a few kilobytes can become gigabytes",
    ),
    Bound(
        name="status-lists.kept",
        what="status lists that the resource server keeps",
        most=MOST_LISTS,
        unit="",
        beyond="the one used least recently is fetched again",
        why="16 kB each, and 1 MiB at the very most",
    ),
)
