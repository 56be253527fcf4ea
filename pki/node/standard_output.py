"""What a process says on standard output, to whoever hears it."""

import os
import sys


def say(line: str) -> str:
    """
    Print *line* at once.

    Returns why it could not be printed, and an empty string where it was. That nobody
    hears it is no reason not to go on.
    """
    try:
        print(line, flush=True)  # noqa: T201 - it is what this is for
    except OSError as error:
        # What failed is still in Python's buffer, and would fail again at the end.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        return error.strerror or str(error)
    return ""
