"""
Write what crossed the wire as a capture for Wireshark.

    python -m scripts.capture
    wireshark build/walkthrough.pcapng

For whoever debugs an integration: while `make up` runs, the capture holds all
connections to its nodes since they were started, those that failed in the handshake
included. Where a client proved a certificate, all is decrypted at once; where it did
not, as browsers, the handshake alone. (`make demo` writes it by itself.) No privilege
is needed, and nothing else on this machine is captured. The capture and
`walkthrough.keys` beside it hold tokens and secrets: for their owner only.
"""

import argparse
import os
import sys
from pathlib import Path

from scripts.capture.files import write_capture
from scripts.deployment.configuration import SHIPPED, in_folder


def main() -> None:
    """Write the capture of the deployment that the arguments name."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.capture",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FOLDER",
        help="the deployment that `python -m scripts.elsewhere` has laid down there",
    )
    folder = parser.parse_args().config
    deployment = SHIPPED if folder is None else in_folder(folder)
    recordings = deployment.build / "recordings"
    if not recordings.is_dir():
        sys.exit(f"capture: nothing is recorded in {recordings}: first `make up`")
    print(os.path.relpath(write_capture(deployment.build)))


if __name__ == "__main__":
    main()
