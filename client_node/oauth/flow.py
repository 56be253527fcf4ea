"""
The flow of a client that acts for itself: discovery, token, protected resource.

RFC 6749 section 4.4 with RFC 8705: each step is one request and one judgement.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from client_node.oauth.metadata.server_metadata import (
    ServerMetadata,
    choose_endpoint,
)
from client_node.oauth.requests.errors import ResourceRefused
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.resource_request import (
    judge_resource_response,
    request_resource,
)
from client_node.oauth.token.token_cache import CacheKey, TokenCache
from client_node.oauth.token.token_request import (
    TokenResponse,
    judge_token_response,
    request_token,
)


@dataclass(frozen=True, slots=True)
class ClientCredentialsFlow:
    """
    What one identity needs to use the resources behind one authorization server.

    The methods raise what the judges of their steps raise, and `NoAnswer` where no
    answer came.
    """

    identity: Identity
    metadata: ServerMetadata
    scope: str
    cache: TokenCache

    async def obtain_token(self) -> TokenResponse:
        """A new token, which is not kept."""
        endpoint = choose_endpoint(self.metadata, "token_endpoint")
        answer = await request_token(self.identity, endpoint, self.scope)
        return judge_token_response(answer)

    async def access_token(self) -> str:
        """The token that is kept, or a new one."""
        if kept := self.cache.find(self._key):
            return kept
        asked_at = self.cache.now()
        token = await self.obtain_token()
        self.cache.keep(self._key, token, asked_at)
        return token.access_token

    async def get(self, url: str) -> Mapping[str, object]:
        """
        The protected resource at *url*.

        A 401 `invalid_token` is answered once with a new token: the old one may
        have been revoked, or its keys rotated (RFC 6750 section 3.1: "the client
        MAY request a new access token and retry"). No other refusal is, and none
        twice.
        """
        access_token = await self.access_token()
        try:
            return await self._get(url, access_token)
        except ResourceRefused as refused:
            if (refused.status, refused.error) != (401, "invalid_token"):
                raise
        self.forget_token(access_token)
        return await self._get(url, await self.access_token())

    def forget_token(self, access_token: str) -> None:
        """Obtain another next time: this one was refused."""
        self.cache.forget(self._key, access_token)

    async def _get(self, url: str, access_token: str) -> Mapping[str, object]:
        answer = await request_resource(self.identity, url, access_token)
        return judge_resource_response(answer)

    @property
    def _key(self) -> CacheKey:
        identity = self.identity
        return CacheKey(
            self.metadata.issuer, identity.client_id, self.scope, identity.x5t_s256
        )
