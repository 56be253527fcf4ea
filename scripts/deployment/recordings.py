"""The folder in which the nodes of a run record."""

import shutil
from pathlib import Path
from tempfile import mkdtemp

from scripts.deployment.configuration import Deployment

_STARTING = "recordings-"


def new_folder(deployment: Deployment) -> Path:
    """
    A folder for the recordings of a run that may yet fail to start.

    Readable by its owner only: the recordings hold tokens.
    """
    deployment.build.mkdir(parents=True, exist_ok=True)
    return Path(mkdtemp(prefix=_STARTING, dir=deployment.build))


def put_in_place(folder: Path, deployment: Deployment) -> Path:
    """
    Make *folder* the recordings of the deployment, in place of the last run's.

    For when all nodes listen: only then is it sure that no other run is writing
    there. The nodes go on writing to the files they have opened.
    """
    final = deployment.build / "recordings"
    shutil.rmtree(final, ignore_errors=True)
    folder.rename(final)
    for left_over in deployment.build.glob(f"{_STARTING}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    return final
