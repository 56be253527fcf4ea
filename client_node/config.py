"""The configuration of the banking client: `client.toml` as dataclasses."""

from dataclasses import dataclass
from pathlib import Path

from client_node.oauth.authorization.id_token import SIGNING_ALGS
from client_node.oauth.metadata.server_metadata import metadata_url
from client_node.oauth.requests.json_answers import is_https_url

SHIPPED = Path(__file__).with_name("client.toml")


@dataclass(frozen=True, slots=True)
class Web:
    """
    The process that serves pages and the JWK set.

    *listen* is a Twisted endpoint string. *origin* is where its pages live: a
    browser that comes by the name `localhost` is sent there, for cookies ignore
    ports, and the authorization server is `localhost` too.

    *client_id* is who the web application is at the bank, and names its certificate
    among the credentials; *id_token_signed_response_alg* is registered with it.
    *bank* is what customers call the bank. *database* keeps sessions and tokens.

    *walkthrough_url* is where what the nodes do is shown, if it is: pages lead there.
    """

    listen: str
    origin: str
    certificate: Path
    key: Path
    jwks_uri_certificate: Path
    client_id: str
    id_token_signed_response_alg: str
    bank: str
    database: Path
    walkthrough_url: str | None = None

    def __post_init__(self) -> None:
        """Refuse an origin that is none."""
        if not is_https_url(self.origin) or self.origin.count("/") != 2:
            raise ValueError(f"origin must be https://HOST:PORT, not {self.origin!r}")
        if self.walkthrough_url is not None and not is_https_url(self.walkthrough_url):
            raise ValueError(
                f"walkthrough_url must be an https URL, not {self.walkthrough_url!r}"
            )
        if self.id_token_signed_response_alg not in SIGNING_ALGS:
            raise ValueError(
                f"id_token_signed_response_alg must be one of {', '.join(SIGNING_ALGS)}"
            )


@dataclass(frozen=True, slots=True)
class Config:
    """
    Whose tokens, whose resources, on whose word.

    *issuer* is the authorization server's identifier, *resource* the resource
    server's, *server_roots* the trust anchors for both. *credentials* is the
    directory with `CLIENT_ID.pem` and `CLIENT_ID-key.pem`.
    """

    issuer: str
    resource: str
    server_roots: Path
    credentials: Path
    scope: str
    web: Web

    def __post_init__(self) -> None:
        """Refuse anything but https."""
        metadata_url(self.issuer)
        if not is_https_url(self.resource):
            raise ValueError(f"resource must be an https URL, not {self.resource!r}")
