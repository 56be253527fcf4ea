"""What a durable store says when it cannot keep its promise, whatever engine it has."""


class StoreFailed(Exception):
    """
    The operation did not happen: the disk is full, say, or the database is locked.

    The peer is never answered as if it had.
    """


class UnusableDatabase(ValueError):
    """The database cannot be opened; the text is one line and names it."""
