"""What this resource server says of itself: RFC 9728, protected resource metadata."""

from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from pki.http.messages import Request, Response, json_response

_WELL_KNOWN = "/.well-known/oauth-protected-resource"


def resource_metadata_url(resource: str) -> str:
    """RFC 9728 section 3: the well-known part goes before the path of *resource*."""
    scheme, authority, _, _, _ = urlsplit(resource)
    return urlunsplit((scheme, authority, resource_metadata_path(resource), "", ""))


def resource_metadata_path(resource: str) -> str:
    """The path of that address, where the document is served."""
    return _WELL_KNOWN + urlsplit(resource).path.rstrip("/")


class ResourceMetadata:
    """The document at the well-known path. Public: no token, no certificate."""

    def __init__(
        self,
        resource: str,
        resource_name: str,
        issuer: str,
        scopes: Sequence[str],
    ) -> None:
        self._members = {
            "resource": resource,
            "authorization_servers": [issuer],
            "scopes_supported": list(scopes),
            # RFC 9728 section 2: never in the query or the body.
            "bearer_methods_supported": ["header"],
            "resource_name": resource_name,
            "tls_client_certificate_bound_access_tokens": True,
        }

    async def get(self, request: Request) -> Response:
        """RFC 9728 section 3.2."""
        return json_response(200, self._members, (("Cache-Control", "max-age=300"),))
