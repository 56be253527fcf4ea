"""What is known of the authorization server: its metadata and its keys, for a while."""

from collections.abc import Callable

from jwcrypto.jwk import JWKSet

from client_node.oauth.authorization.id_token import (
    Expected,
    IdToken,
    KeyNotFound,
    verify_id_token,
)
from client_node.oauth.metadata.key_set import judge_key_set, request_key_set
from client_node.oauth.metadata.server_metadata import (
    DirectEndpoint,
    ServerMetadata,
    choose_endpoint,
    discover,
)
from client_node.oauth.requests.current_identity import CurrentIdentity
from client_node.oauth.requests.json_answers import https_url

GOOD_FOR = 600.0  # seconds a document is believed before it is asked for again
AT_MOST_EVERY = 30.0  # seconds between two looks for a key that is not known


class DiscoveredServer:
    """
    One authorization server, by its *issuer*. *tell* takes a line for the operator
    about each of its keys that is passed over.

    A document that cannot be renewed is not used on: whoever runs the server may
    have withdrawn it.
    """

    def __init__(
        self,
        identity: CurrentIdentity,
        issuer: str,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """
        *clock* gives seconds since the epoch, for what ID tokens say; *monotonic* is
        for the age of documents.
        """
        self.issuer = issuer
        self._identity = identity
        self._clock = clock
        self._monotonic = monotonic
        self._tell = tell
        self._metadata: tuple[float, ServerMetadata] | None = None
        self._keys: tuple[float, JWKSet] | None = None

    async def metadata(self) -> ServerMetadata:
        """
        The server's metadata, its issuer checked (RFC 8414 section 3.3).

        Raises:
            UnusableAnswer, NoAnswer: see `discover`.
        """
        now = self._monotonic()
        if self._metadata is None or now - self._metadata[0] >= GOOD_FOR:
            document = await discover(self._identity.current(), self.issuer)
            self._metadata = (now, document)
        return self._metadata[1]

    async def endpoint(self, name: DirectEndpoint) -> str:
        """Where direct requests for *name* go: the alias (RFC 8705 section 5)."""
        return choose_endpoint(await self.metadata(), name)

    async def verify_id_token(self, token: str, expected: Expected) -> IdToken:
        """
        What *token* says; the keys are looked up again for a key not seen before.

        Raises:
            UnusableAnswer, NoAnswer: see `id_token.verify_id_token`.
        """
        keys = await self._key_set(GOOD_FOR)
        try:
            return verify_id_token(token, keys, expected, self._clock())
        except KeyNotFound:
            keys = await self._key_set(AT_MOST_EVERY)
            return verify_id_token(token, keys, expected, self._clock())

    async def _key_set(self, good_for: float) -> JWKSet:
        """The keys, read no longer than *good_for* seconds ago."""
        now = self._monotonic()
        if self._keys is None or now - self._keys[0] >= good_for:
            url = await self._jwks_uri()
            answer = await request_key_set(self._identity.current(), url)
            self._keys = (now, judge_key_set(answer, self._tell))
        return self._keys[1]

    async def _jwks_uri(self) -> str:
        members = (await self.metadata()).members
        return https_url(members.get("jwks_uri"), "jwks_uri", "server metadata")
