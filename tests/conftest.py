"""What every test may have: a small PKI and a network without sockets."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
