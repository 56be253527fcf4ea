"""One identity of a client: its `client_id`, its certificate, its connections."""

from dataclasses import dataclass
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
    """

    client_id: str
    credential: Credential | None
    http: HttpClient

    @property
    def x5t_s256(self) -> str | None:
        """The thumbprint of its certificate, RFC 8705 section 3.1."""
        return None if self.credential is None else x5t_s256(self.credential.leaf_der)

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
