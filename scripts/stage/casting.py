"""Who plays, made from a deployment: their certificates, and the twins."""

import time
from functools import partial
from pathlib import Path
from typing import Any

from twisted.internet import task
from twisted.internet.defer import Deferred

from client_node.config import Config as ClientConfig
from client_node.oauth.mutual_tls_identity import mutual_tls_identity
from client_node.oauth.requests.identity import Identity
from client_node.oauth.token.client_assertion import load_signing_key
from pki import pem
from pki.issuing.hierarchy import load_authorities
from pki.issuing.layout import Layout
from pki.mtls.client import MutualTLSClient
from pki.node import configuration
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import Recording
from pki.observability.witness import Witness
from pki.pem import Credential
from rs_node.config import Config as ResourceServerConfig
from scripts.deployment.configuration import Deployment
from scripts.stage.cast import Cast
from scripts.stage.odd_handshakes import only_tls_1_2, without_its_key
from scripts.stage.stage import NODE
from scripts.twin.servers import Twins, start


def cast_of(
    reactor: Any, deployment: Deployment, layout: Layout, log: OperatorLog, folder: Path
) -> Cast:
    """
    The cast of *deployment*, recorded into *folder*. The twins run from now on.

    Raises:
        OSError, ValueError: a port, a file or a configuration is not to be had.
    """
    config = configuration.read(deployment.client, ClientConfig)
    roots = pem.load_certificates(config.server_roots)
    recording = Recording(folder / f"{NODE}.jsonl", NODE, time.time)
    witness = Witness(log, recording)

    def without_key(stolen: str, own: str) -> Identity:
        context = without_its_key(
            layout.load(stolen).chain, layout.load(own), roots, trace=True
        )
        return Identity(stolen, None, MutualTLSClient(reactor, context, witness))

    def only_1_2(name: str) -> Identity:
        credential = layout.load(name)
        context = only_tls_1_2(credential, roots, trace=True)
        return Identity(name, credential, MutualTLSClient(reactor, context, witness))

    return Cast(
        issuer=config.issuer,
        resource=config.resource,
        redirect_uri=f"{config.web.origin}/callback",
        credential=layout.load,
        identity=lambda client_id, credential: mutual_tls_identity(
            client_id, credential, roots, reactor, witness
        ),
        renewed=partial(_renewed, layout),
        signing_key=lambda name: load_signing_key(layout.signing_key(name)),
        twins=_twins(reactor, deployment, layout, folder),
        wait=partial(_wait, reactor),
        moment=partial(task.deferLater, reactor, 0.01),
        without_key=without_key,
        only_tls_1_2=only_1_2,
    )


def _twins(reactor: Any, deployment: Deployment, layout: Layout, folder: Path) -> Twins:
    """The servers that do it wrong; they go when the reactor does."""
    config = configuration.read(deployment.resource_server, ResourceServerConfig)
    twins = start(reactor, layout, config, folder)
    reactor.addSystemEventTrigger(
        "before", "shutdown", lambda: Deferred.fromCoroutine(twins.close())
    )
    return twins


async def _wait(reactor: Any, seconds: float) -> None:
    """Let time pass, and say so: it may be half a minute."""
    print(f"\n  … the customer waits {seconds:.0f} seconds for her next code …")
    await task.deferLater(reactor, seconds)


def _renewed(layout: Layout, name: str) -> Credential:
    """A new credential for *name*: the same subject, the same CA, another key."""
    authority = load_authorities(layout).client_intermediate
    subject = layout.load(name).leaf.subject
    return authority.issue_client(subject, now=time.time(), days=1)
