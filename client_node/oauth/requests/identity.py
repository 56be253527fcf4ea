"""One identity of a client: its `client_id`, its certificate, its connections."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

from pki.http.answers import Answer, HttpClient, NoAnswer
from pki.http.interaction_id import INTERACTION_ID
from pki.http.messages import Fields
from pki.pem import Credential
from pki.thumbprint import x5t_s256


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """
    Who a client is towards every server.

    Made by `client_node.oauth.mutual_tls_identity`, with connections of its own. A
    renewed certificate is another identity, with other connections and other tokens.
    *credential* is `None` for a client without a certificate.
    *assertion* is of one that authenticates by `private_key_jwt`: it makes the
    parameters of a new assertion.
    """

    client_id: str
    credential: Credential | None
    http: HttpClient
    assertion: Callable[[], Mapping[str, str]] | None = None

    @property
    def x5t_s256(self) -> str | None:
        """The thumbprint of its certificate, RFC 8705 section 3.1."""
        return None if self.credential is None else x5t_s256(self.credential.leaf_der)

    def signing(self, assertion: Callable[[], Mapping[str, str]] | None) -> "Identity":
        """The same one, on the same connections, with an *assertion*."""
        return replace(self, assertion=assertion)

    async def send(
        self, method: str, url: str, headers: Fields = (), body: bytes = b""
    ) -> Answer:
        """
        Send one request, with an interaction id of its own.

        `x-fapi-interaction-id` is for resource requests (FAPI 1.0 Part 1 section
        6.2.2); here every request has one, so that both ends
        of each exchange find each other in the recordings.

        Raises:
            NoAnswer, HandshakeRefused: no answer came; the text begins with the URL.
                A refused handshake is never tried again without the certificate.
        """
        interaction = (INTERACTION_ID, str(uuid4()))
        try:
            return await self.http.request(
                method, url, headers=(*headers, interaction), body=body
            )
        except NoAnswer as error:
            raise type(error)(f"{url}: {error}") from error

    async def close(self) -> None:
        """Close its connections."""
        await self.http.close()
