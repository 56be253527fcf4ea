"""Authorization requests, pushed by a client with its certificate."""

import json
from typing import Any

from pki.http.answers import Answer
from tests.as_node.authorizing import CHALLENGE, REDIRECT_URI, VERIFIER
from tests.in_memory.authorization_server import MUTUAL_TLS, Deployment, members
from tests.in_memory.consents import INTENT

PAR = f"{MUTUAL_TLS}/par"
SCA = "urn:openbanking:psd2:sca"


def claims(intent_id: str | None = INTENT, **acr: Any) -> str:
    """A `claims` parameter that names a consent, and how to sign in if it says so."""
    id_token: dict[str, Any] = {}
    if intent_id is not None:
        id_token["openbanking_intent_id"] = {"value": intent_id, "essential": True}
    if acr:
        id_token["acr"] = acr
    return json.dumps({"id_token": id_token})


def authorization_request(**changed: str | None) -> dict[str, str]:
    """The parameters of a sound request; None leaves one out."""
    parameters = {
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "scope": "openid accounts",
        "state": "a state",
        "nonce": "a nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "claims": claims(),
        **changed,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def push(
    server: Deployment,
    client_id: str = "banking-client",
    *,
    certificate: str | None = None,
    **changed: str | None,
) -> Answer:
    """A request pushed over a connection with the client's own certificate."""
    return server.post(
        PAR,
        {"client_id": client_id, **authorization_request(**changed)},
        certificate=certificate or client_id,
    )


def pushed(
    server: Deployment, client_id: str = "banking-client", **changed: str | None
) -> str:
    """The `request_uri` of a request that was accepted."""
    request_uri = members(push(server, client_id, **changed), 201)["request_uri"]
    assert isinstance(request_uri, str)
    return request_uri


def redeem(
    server: Deployment, code: str, client_id: str = "banking-client", **changed: str
) -> Answer:
    """A token request with a code, over a connection with the client's certificate."""
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        **changed,
    }
    return server.post(f"{MUTUAL_TLS}/token", form, certificate=client_id)
