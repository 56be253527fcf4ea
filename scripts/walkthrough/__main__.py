"""`python -m scripts.walkthrough`: the walk-through, live, until a signal comes."""

from pki.node import process
from scripts.walkthrough.config import SHIPPED, Config
from scripts.walkthrough.wiring import assemble

OBSERVER = process.Program(
    name="walkthrough",
    purpose="The walk-through, live: an observer beside the three nodes.",
    config=Config,
    shipped_config=SHIPPED,
    assemble=assemble,
    module="scripts.walkthrough",
    records=False,
)

if __name__ == "__main__":
    process.run(OBSERVER)
