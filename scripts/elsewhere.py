"""
Lay down the configuration of a deployment for other names, addresses and ports.

    python -m scripts.elsewhere lab --host bank.test --bind 0.0.0.0
    make up ARGS="--config lab"

The folder then holds everything: five configuration files to edit, and later the
certificates and the state. Nothing but loopback is served unless --bind says so.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.deployment.configuration import SHIPPED_PORTS, copied


def main() -> None:
    """Copy the shipped files, with the replacements the arguments ask for."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.elsewhere",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="made anew, or empty of such files")
    parser.add_argument("--host", help="the name under which others reach all nodes")
    parser.add_argument("--bind", default="127.0.0.1", help="the address to listen on")
    parser.add_argument(
        "--ports",
        type=int,
        nargs="+",
        default=SHIPPED_PORTS,
        metavar=("AS AS_MTLS RS CLIENT", "WALKTHROUGH"),
        help=f"the ports, default {' '.join(map(str, SHIPPED_PORTS))}; that of the "
        "walk-through, where it is left out, is the one after the client's",
    )
    options = parser.parse_args()
    ports = _five(options.ports)
    if len(ports) != len(SHIPPED_PORTS):
        parser.error("argument --ports: expected four or five ports")
    try:
        copied(options.folder, ports, host=options.host, bind=options.bind)
    except OSError as error:
        sys.exit(f"elsewhere: {error.filename}: {error.strerror}")
    except ValueError as error:
        parser.error(f"argument --host: {error}")
    if options.host is not None:
        print(
            f"{options.host} leads to private addresses? Then list their network in "
            f"jwks_uri_allowed_networks of {options.folder / 'as.toml'}"
        )
    print(f'next: make up ARGS="--config {options.folder}"')


def _five(ports: Sequence[int]) -> Sequence[int]:
    """With that of the walk-through, which may be left out."""
    return (*ports, ports[-1] + 1) if len(ports) == len(SHIPPED_PORTS) - 1 else ports


if __name__ == "__main__":
    main()
