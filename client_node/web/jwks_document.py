"""The document behind a `jwks_uri`: RFC 8705 section 2.2, RFC 7517 section 5."""

from pathlib import Path

from pki.http.messages import Refusal, Request, Response, json_response
from pki.jwk_set import jwk_set
from pki.node.changing_file import ChangingFile
from pki.pem import load_certificates


class Unpublished(Refusal):
    """The certificate cannot be read just now."""

    def response(self) -> Response:
        """503: an authorization server keeps what it has and comes back."""
        return json_response(503, {"error": "temporarily_unavailable"})


class JwksDocument:
    """
    The JWK set with the self-signed certificate of one client.

    RFC 8705 section 2.2.2: the client's certificate, as `x5c`. A certificate that
    takes the old one's place in the file is published from the next request on.
    """

    def __init__(self, path: Path) -> None:
        self._body = ChangingFile(path, _jwk_set_of_leaf)

    def body(self) -> bytes:
        """
        The document.

        Raises:
            OSError, PemError: the file cannot be read, or holds no certificate.
        """
        return self._body.current()

    async def answer(self, request: Request) -> Response:
        """GET. Anybody may read it: a certificate is no secret."""
        try:
            body = self.body()
        except (OSError, ValueError) as error:
            raise Unpublished(f"no certificate to publish: {error}") from error
        return Response(200, (("Content-Type", "application/jwk-set+json"),), body)


def _jwk_set_of_leaf(path: Path) -> bytes:
    return jwk_set(load_certificates(path)[:1])
