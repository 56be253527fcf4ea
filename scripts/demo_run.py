"""A demo from the start of the nodes to the walk-through that remains of it."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from twisted.internet import task
from twisted.internet.defer import Deferred
from twisted.logger import globalLogBeginner

from client_node.config import Config as ClientConfig
from client_node.oauth.requests.errors import ErrorResponse, UnusableAnswer
from pki.http.answers import NoAnswer
from pki.issuing.config import Config as PkiConfig
from pki.issuing.layout import Layout
from pki.node import configuration
from pki.node.signals import stop_once
from pki.observability.operator_log import OperatorLog
from scripts.acts.scenario import play
from scripts.capture.files import write_capture
from scripts.deployment import recordings
from scripts.deployment.configuration import Deployment
from scripts.deployment.processes import NotStarted, Processes, node_arguments
from scripts.deployment.progress import Progress
from scripts.headless.page import NotOnThePage
from scripts.showing.manner import Manner, conclude, showing_of
from scripts.showing.showing import Showing
from scripts.stage.cast import CannotGoOn
from scripts.stage.casting import cast_of
from scripts.stage.parties import holders, parties
from scripts.stage.stage import NODE, Stage
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.evidence.evidence import Evidence, NoEvidence
from scripts.walkthrough.files import write_walkthrough
from scripts.walkthrough.recordings.recordings import Recordings
from scripts.walkthrough.story.story import Story

_PROBLEMS = (
    CannotGoOn,
    NotOnThePage,
    NoEvidence,
    NoAnswer,
    UnusableAnswer,
    ErrorResponse,
    OSError,
)


async def perform(
    reactor: Any,
    *,
    deployment: Deployment,
    folder: Path,
    manner: Manner,
    concluded: Callable[[int], None],
) -> None:
    """
    Start the nodes, play the scenario, and write down what it has shown.

    The nodes record into *folder*, which is put in place when all of them listen.
    *concluded* is told how many steps did not come out as they should, once everything
    is written.

    Raises:
        SystemExit: something is not as it should be; it says what.
    """
    await task.deferLater(reactor, 0)
    stop_once(reactor)
    processes = Processes(reactor)
    reactor.addSystemEventTrigger(
        "before", "shutdown", lambda: Deferred.fromCoroutine(processes.stop())
    )
    progress = Progress(sys.stdout)
    try:
        with (folder / "nodes.log").open("wb") as log:
            await _start(processes, node_arguments(deployment, folder), log, progress)
    except NotStarted as problem:
        progress.done()
        said = _last_words(folder / "nodes.log", problem)
        shutil.rmtree(folder, ignore_errors=True)
        sys.exit(said)
    recorded = recordings.put_in_place(folder, deployment)
    try:
        showing = showing_of(reactor, manner)
        story = await _told(reactor, deployment, recorded, showing)
    except BrokenPipeError:
        _leave_an_empty_house()
    except _PROBLEMS as problem:
        if processes.stopping:
            return  # Ctrl-C has reached the nodes too, in the middle of a request
        what = "no evidence" if isinstance(problem, NoEvidence) else "it cannot go on"
        sys.exit(f"demo: {what}: {problem}")
    page = write_walkthrough(story, deployment.build)
    write_capture(deployment.build)
    failed = sum(not step.passed for step in story.steps)
    try:
        conclude(manner, story.acts, page, quit_=showing.was_quit)
    except BrokenPipeError:
        _leave_an_empty_house()
    concluded(failed)
    if failed:
        sys.exit(1)


async def _start(
    processes: Processes,
    commands: Mapping[str, list[str]],
    log: BinaryIO,
    progress: Progress,
) -> None:
    progress.begin("starting the nodes")
    for at, (name, command) in enumerate(commands.items()):
        progress.go_on(f"{at} of {len(commands)}")
        await processes.start(name, command, log=log.fileno())
    progress.done()


async def _told(
    reactor: Any, deployment: Deployment, folder: Path, showing: Showing
) -> Story:
    config = configuration.read(deployment.client, ClientConfig)
    layout = Layout(configuration.read(deployment.pki, PkiConfig).directory)
    taking_part = parties(layout)
    await showing.parties(taking_part)
    log = OperatorLog(NODE)
    globalLogBeginner.beginLoggingTo([log], redirectStandardIO=False)
    known = holders(layout)
    stage = Stage(
        Recordings(folder),
        showing,
        Evidence(known, Place(layout, config.server_roots, deployment.client)),
        known,
    )
    cast = cast_of(reactor, deployment, layout, log, folder)
    await play(stage, cast)
    showing.summary(stage.acts)
    made_at = f"{datetime.now(UTC):%d %B %Y, %H:%M UTC}"
    return Story(made_at, taking_part, tuple(stage.acts))


def _leave_an_empty_house() -> NoReturn:
    """Whoever was watching has gone: `make demo | head`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)


def _last_words(log: Path, problem: NotStarted) -> str:
    """Why a node did not start: the last line it wrote."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:  # another run has begun meanwhile, and cleared away
        lines = []
    return lines[-1] if lines else str(problem)
