"""What a person is shown: lines, and a page with pictures."""

import re

from scripts.bench import page, table
from scripts.bench.cases import CASES, HELLO, OURS, PROVIDER
from scripts.bench.course import Outcome, turned
from scripts.bench.noise import Noise
from tests.scripts.bench.samples import sample

OUTCOME = Outcome(
    CASES[0],
    [
        {
            OURS: sample(rate=2000, cpu=0.0005),
            PROVIDER: sample(rate=1000, cpu=0.001),
            HELLO: sample(rate=8000, cpu=0.0001, load=0.95),
        }
    ]
    * 3,
    ["Authlib, round 1: it <hangs> up"],
)
QUIET, BUSY = Noise({0: 0.0, 1: 0.0}, 0.1), Noise({0: 0.5, 1: 0.0}, 9.0)


def test_each_is_the_first_in_turn() -> None:
    """Three contenders, four rounds."""
    first = [turned(["a", "b", "c"], number)[0] for number in range(4)]
    assert first == ["a", "b", "c", "a"]
    assert turned(["a", "b", "c"], 1) == ["b", "c", "a"]
    assert turned([], 3) == []


def test_the_table() -> None:
    """Figures, ratios in our favour, and what to doubt."""
    lines = table.of_a_case(OUTCOME).splitlines()
    (ours,) = [line for line in lines if line.startswith("  ours")]
    assert ours.split()[1:] == ["2,000", "500", "1.00", "2.00", "64->65", "10%"]
    (hello,) = [line for line in lines if line.startswith("  twisted hello")]
    assert "*8,000" in hello
    (by,) = [line for line in lines if "x oidc-provider" in line]
    assert "by rate 2.00 (2.00-2.00), by CPU 2.00 (2.00-2.00)" in by
    assert lines[-1] == "  NOT LOADED: Authlib, round 1: it <hangs> up"


def test_a_busy_machine_is_told_of() -> None:
    """In capitals, since the figures look like any others."""
    assert "BUSY" in table.of_the_noise(BUSY)
    assert "BUSY" not in table.of_the_noise(QUIET)


def test_the_page() -> None:
    """It is well formed, draws each contender, and fetches nothing."""
    about = page.About("<a machine>", {OURS: "1"}, {"x": "no <y>"}, [QUIET, BUSY])
    html = page.html(about, [OUTCOME])
    assert "&lt;a machine&gt;" in html
    assert "no &lt;y&gt;" in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    picture = html[html.index("<svg") : html.index("</svg>")]
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    assert texts == [OURS, "2,000/s", PROVIDER, "1,000/s", HELLO, "*8,000/s"]
