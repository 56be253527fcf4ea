"""The packages, installed: as `pip install -e .` does it, and as a wheel."""

import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from scripts.deployment.configuration import ROOT

pytestmark = pytest.mark.slow

PATIENCE = 300  # seconds; not what pip takes, but when a test gives up

PACKAGES = ("pki", "as_node", "rs_node", "client_node")
MADE = shutil.ignore_patterns("issued", ".issued.*", "__pycache__")
PROGRAMS = ("as-node", "rs-node", "client-node")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build reads, in a folder of its own: a build writes beside it."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=MADE)
    return folder


@pytest.fixture(scope="module")
def bin_folder(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a new virtual environment has its programs, ours installed in it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    # What we depend on is in the environment that runs the tests, and is seen in the
    # new one too: no package index is asked.
    (site_packages,) = folder.glob("lib/python*/site-packages")
    here = sysconfig.get_path("purelib")
    (site_packages / "dependencies.pth").write_text(f"{here}\n")
    pip("--python", str(python), "install", "--editable", str(checkout))
    return folder / "bin"


def pip(*arguments: str) -> None:
    """pip without the index, and with the build backend that is installed here."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(
        [*command, "--no-index", "--no-deps", "--no-build-isolation"],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def run(
    program: Path, *arguments: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """What *program* says when it is started somewhere else than in a checkout."""
    return subprocess.run(
        [program, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def test_the_build_backend_is_the_one_that_is_locked() -> None:
    """What is tested here is what pip builds with elsewhere."""
    required = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]
    assert required["requires"] == [f"setuptools=={version('setuptools')}"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_says_how_it_is_used(
    bin_folder: Path, tmp_path: Path, program: str
) -> None:
    """By the name under which it was installed."""
    done = run(bin_folder / program, "--help", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: {program} ")
    assert "python -m" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (("as-node",), "pki/issued/as.pem"),
        (("rs-node",), "pki/issued/accounts-rs.pem"),
        (("client-node", "serve"), "pki/issued/client-web.pem"),
        (("client-node", "token"), "pki/issued/server-roots.pem"),
    ],
)
def test_the_shipped_configuration_is_found(
    bin_folder: Path,
    checkout: Path,
    tmp_path: Path,
    arguments: tuple[str, ...],
    missing: str,
) -> None:
    """It looks for certificates in the checkout, whatever folder one stands in."""
    program, *others = arguments
    done = run(bin_folder / program, *others, folder=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"{checkout / missing}: No such file" in line


def files_of(checkout: Path) -> Iterator[str]:
    """All that the packages are made of: modules, what they read, their documents."""
    for name in PACKAGES:
        for path in (checkout / name).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(checkout).as_posix()


def test_a_wheel_has_every_file_and_nothing_that_was_made(
    checkout: Path, tmp_path: Path
) -> None:
    """Templates, style sheets and configurations; no key, no `scripts`, no tests."""
    ours = set(files_of(checkout))
    keys = checkout / "pki" / "issued"
    keys.mkdir()
    (keys / "as-key.pem").write_text("a key")
    (keys / "as.toml").write_text("a file of a kind that is packed")
    try:
        pip("wheel", "--wheel-dir", str(tmp_path), str(checkout))
    finally:
        shutil.rmtree(keys)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {
        name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name
    }
    assert packed == ours
