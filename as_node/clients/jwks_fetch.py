"""Fetch the JWK set behind a `jwks_uri`."""

from collections.abc import Iterable
from typing import Any

from as_node.clients.jwks import (
    JwksError,
    Tell,
    registered_thumbprints,
    tell_nobody,
)
from as_node.clients.jwks_cache import JwksNotFetched
from as_node.clients.jwks_uri import HostAndPort, JwksUri, verify_allowed
from pki.http.answers import Answer, NoAnswer
from pki.http.interaction_id import INTERACTION_ID
from pki.http.strict_json import json_object
from pki.mtls.client import MutualTLSClient

LARGEST_JWK_SET = 64 * 1024
"""Bytes; to be given to the client as its `largest_body`."""

DEADLINE = 5.0
"""Seconds, from looking up the name to the last byte: a token request waits for it."""


class JwksFetch:
    """
    Fetches JWK sets over *client*, from *allowed* hosts only.

    *client* has no certificate: what it asks for is public, and the bank's identity
    is not for whoever runs a client's web server. It dials checked addresses, see
    `as_node.clients.ssrf_guard`. *tell* takes a line for the operator about each key
    of a document that is passed over.
    """

    def __init__(
        self,
        client: MutualTLSClient,
        allowed: Iterable[HostAndPort],
        tell: Tell = tell_nobody,
    ) -> None:
        self._client = client
        self._allowed = tuple(allowed)
        self._tell = tell

    async def __call__(self, uri: JwksUri, interaction_id: str) -> frozenset[str]:
        """
        The thumbprints of the certificates in the document.

        *interaction_id* names the request that this is a part of; the client's host
        hears it too. A redirect is not followed. The media type is not checked.

        Raises:
            JwksNotFetched: the host is not allowed, does not answer with 200 in
                time, or answers with something else than a JWK set with certificates.
        """
        try:
            verify_allowed(uri, self._allowed)
            fields = ((INTERACTION_ID, interaction_id),) if interaction_id else ()
            answer = await self._client.request(
                "GET", str(uri), headers=fields, deadline=DEADLINE
            )
            return registered_thumbprints(
                _json(answer), lambda line: self._tell(f"jwks_uri {uri}: {line}")
            )
        except NoAnswer as error:
            raise JwksNotFetched(str(error)) from error
        except ValueError as error:
            raise JwksNotFetched(str(error)) from error


def _json(answer: Answer) -> Any:
    """The document; `JwksError` if there is none."""
    if answer.status != 200:
        raise JwksError(f"expected status 200, found {answer.status}")
    try:
        return json_object(answer.body)
    except ValueError as error:
        raise JwksError(f"expected JSON: {error}") from error
