"""How many may wait for the story, how long, and what page is served."""

from pki.bound import Bound
from scripts.walkthrough.serving.finished_page import LARGEST
from scripts.walkthrough.serving.pages import LONG_POLLING

BOUNDS = (
    Bound(
        name="walkthrough.waiting",
        what="browsers that wait for news of the walk-through",
        most=LONG_POLLING.most,
        unit="",
        beyond="503 with `Retry-After`, or what is new at once",
        why="each is looked for five times a second",
    ),
    Bound(
        name="walkthrough.longest",
        what="how long one waits",
        most=int(LONG_POLLING.longest),
        unit="seconds",
        beyond="200, and nothing new",
        why="proxies and browsers wait longer",
    ),
    Bound(
        name="walkthrough.patience",
        what="how long it is read until what there is so far is told",
        most=int(LONG_POLLING.patience),
        unit="seconds",
        beyond="200, and the rest in the next answer",
        why="under a flood there is always more to read",
    ),
    Bound(
        name="walkthrough.demo",
        what="the page of a finished demo",
        most=LARGEST,
        unit="bytes",
        beyond="404, a page",
        why="it is kept in memory; a demo makes 2 000 000",
    ),
)
