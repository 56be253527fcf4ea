"""The authorization server, as this resource server sees it: four requests."""

from collections.abc import Callable
from urllib.parse import urlencode

from pki.http.answers import HttpClient, NoAnswer
from pki.http.interaction_id import INTERACTION_ID
from pki.http.messages import Fields
from pki.http.strict_json import json_object
from rs_node.authorization_server.metadata import (
    ServerMetadata,
    judge_metadata,
    metadata_url,
)

METADATA_LIFETIME = 3600.0  # seconds
DEADLINE = 5.0  # seconds for one exchange; somebody waits for us meanwhile

_FORM = "application/x-www-form-urlencoded"


class NoUsableAnswer(Exception):
    """The authorization server is away, or says what cannot be used."""


class AuthorizationServer:
    """
    The server with identifier *issuer*, asked by *client*.

    *client* presents the certificate of our own client identity *client_id*, which
    is how the introspection endpoint knows us (RFC 7662 section 2.1). Nothing is
    asked before it is needed, so either of the two may be started first. *clock* gives
    seconds for the age of what is known: a monotonic one, which is never set.
    """

    def __init__(
        self,
        client: HttpClient,
        issuer: str,
        client_id: str,
        clock: Callable[[], float],
    ) -> None:
        self.issuer = issuer
        self._client = client
        self._client_id = client_id
        self._clock = clock
        self._metadata: ServerMetadata | None = None
        self._metadata_until = 0.0

    async def jwks(self) -> bytes:
        """
        The document at its `jwks_uri`, unjudged.

        Raises:
            NoUsableAnswer: there is none.
        """
        metadata = await self._current_metadata()
        return await self._ask("GET", metadata.jwks_uri)

    async def status_list(self, uri: str) -> bytes:
        """
        The document at *uri*, unjudged: a Status List Token, where all is well.

        Not checked: whose address that is. It comes from a token, so it must be one of
        this server's own (`rs_node.access.token_status`).

        Raises:
            NoUsableAnswer: there is none.
        """
        return await self._ask("GET", uri, accept="application/statuslist+jwt")

    async def introspect(self, token: str, interaction: Fields) -> dict[str, object]:
        """
        The introspection response about *token* (RFC 7662 section 2), unjudged.

        *interaction* are the header fields that tell which request this is part of.

        Raises:
            NoUsableAnswer: there is none.
        """
        metadata = await self._current_metadata()
        form = {
            "token": token,
            "token_type_hint": "access_token",
            "client_id": self._client_id,
        }
        answer = await self._ask(
            "POST",
            metadata.introspection_endpoint,
            headers=(("Content-Type", _FORM), *interaction),
            body=urlencode(form).encode("ascii"),
        )
        try:
            return json_object(answer)
        except ValueError as error:
            url = metadata.introspection_endpoint
            raise NoUsableAnswer(f"introspection response of {url}: {error}") from error

    async def _current_metadata(self) -> ServerMetadata:
        """From the server once an hour; what is known serves while it is away."""
        if self._metadata is None or self._clock() >= self._metadata_until:
            try:
                self._metadata = await self._fetch_metadata()
                self._metadata_until = self._clock() + METADATA_LIFETIME
            except NoUsableAnswer:
                if self._metadata is None:
                    raise
        return self._metadata

    async def _fetch_metadata(self) -> ServerMetadata:
        url = metadata_url(self.issuer)
        document = await self._ask("GET", url)
        try:
            return judge_metadata(document, self.issuer)
        except ValueError as error:
            raise NoUsableAnswer(f"{url}: {error}") from error

    async def _ask(
        self,
        method: str,
        url: str,
        *,
        accept: str = "application/json",
        headers: Fields = (),
        body: bytes = b"",
    ) -> bytes:
        """The body of a 200; redirects are not followed."""
        fields = (("Accept", accept), *headers)
        try:
            answer = await self._client.request(
                method, url, headers=fields, body=body, deadline=DEADLINE
            )
        except NoAnswer as error:
            raise NoUsableAnswer(f"{url}: {error}") from error
        if answer.status != 200:
            raise NoUsableAnswer(f"{url} answers {answer.status}")
        return answer.body


def interaction_fields(interaction_id: str) -> Fields:
    """The header field by which both ends find the parts of one interaction."""
    return ((INTERACTION_ID, interaction_id),)
