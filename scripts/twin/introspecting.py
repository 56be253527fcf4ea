"""How a twin asks the deployment's authorization server what a token means."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from cryptography import x509

from pki.http.interaction_id import INTERACTION_ID
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext
from pki.observability.witness import Witness
from pki.pem import Credential


class Introspecting:
    """
    Asks in the name of *client_id*, whose certificate is *credential*.

    What the server answers is taken as it is.
    """

    def __init__(
        self,
        reactor: Any,
        witness: Witness,
        issuer: str,
        client_id: str,
        credential: Credential,
        server_roots: tuple[x509.Certificate, ...],
    ) -> None:
        trace = witness.recording is not None
        context = ClientContext(credential, server_roots, trace=trace)
        self._http = MutualTLSClient(reactor, context, witness)
        self._issuer = issuer
        self._client_id = client_id

    async def ask(self, token: str, interaction: str) -> Mapping[str, object]:
        """
        The members of the introspection response, RFC 7662 section 2.2.

        Raises:
            NoAnswer, ValueError: the server is away, or makes no sense.
        """
        own = ((INTERACTION_ID, interaction),)
        where = f"{self._issuer}/.well-known/oauth-authorization-server"
        metadata = json.loads((await self._http.request("GET", where)).body)
        endpoint = metadata["mtls_endpoint_aliases"]["introspection_endpoint"]
        form = {"client_id": self._client_id, "token": token}
        answer = await self._http.request(
            "POST",
            endpoint,
            headers=(("Content-Type", "application/x-www-form-urlencoded"), *own),
            body=urlencode(form).encode("ascii"),
        )
        members: Mapping[str, object] = json.loads(answer.body)
        return members

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()
