"""What a peer may have a node write about it."""

from pki.bound import Bound

LARGEST_BACKLOG = 1024 * 1024  # characters of the log that wait to be written
LARGEST_RECORDING = 256 * 1024 * 1024  # bytes; a demo needs half a million
LONGEST_TEXT = 2000  # characters of what a line says
LONGEST_FACT = 400  # of each of its facts

BOUNDS = (
    Bound(
        name="log.backlog",
        what="lines of the log that nobody has taken yet",
        most=LARGEST_BACKLOG,
        unit="characters",
        beyond="the line is lost, and the loss told once it can be",
        why="five thousand requests, until a reader is back",
    ),
    Bound(
        name="recording.size",
        what="a recording, where there is one",
        most=LARGEST_RECORDING,
        unit="bytes",
        beyond="nothing more is recorded, which the log says once",
        why="any peer can have a request recorded",
    ),
    Bound(
        name="log.text",
        what="what a line of the log says",
        most=LONGEST_TEXT,
        unit="characters",
        beyond="cut off, with its length",
        why="a path may be as long as a header",
    ),
    Bound(
        name="log.fact",
        what="each fact behind it",
        most=LONGEST_FACT,
        unit="characters",
        beyond="cut off, with its length",
        why="some are what a peer sent",
    ),
)
