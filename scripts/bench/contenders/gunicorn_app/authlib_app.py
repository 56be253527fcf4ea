"""
Authlib's client credentials grant, with what it lacks of RFC 8705 by its public hooks.

`AUTHLIB_APP` names a file: issuer, resource, and the subjects of the clients.
"""

import base64
import hashlib
import json
import os
from pathlib import Path

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from cryptography import x509
from flask import Flask, Response, request
from joserfc.jwk import ECKey

CONFIG = json.loads(Path(os.environ["AUTHLIB_APP"]).read_text(encoding="utf-8"))
KEY = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


def presented() -> bytes:
    """The client's certificate, of which gunicorn has verified the path (DER)."""
    leaf: bytes = request.environ["gunicorn.socket"].getpeercert(binary_form=True)
    return leaf


class Client(ClientMixin):
    """A registered client; *subject* as RFC 4514 has it."""

    def __init__(self, client_id: str, subject: str) -> None:
        self.client_id = client_id
        self.subject = subject

    def get_client_id(self) -> str:
        """Its identifier."""
        return self.client_id

    def get_allowed_scope(self, scope: str) -> str:
        """What is registered of what is asked for."""
        return scope if scope == "accounts" else ""

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Its certificate, and nothing else."""
        return method == "tls_client_auth"

    def check_grant_type(self, grant_type: str) -> bool:
        """For itself."""
        return grant_type == "client_credentials"


CLIENTS = {name: Client(name, subject) for name, subject in CONFIG["clients"].items()}


def authenticate(query_client: object, request: object) -> Client | None:
    """RFC 8705 section 2.1: the subject that is registered for the `client_id`."""
    client = CLIENTS.get(request.form.get("client_id"))  # type: ignore[attr-defined]
    if client is None:
        return None
    subject = x509.load_der_x509_certificate(presented()).subject.rfc4514_string()
    return client if subject == client.subject else None


class ClientCredentials(grants.ClientCredentialsGrant):
    """The grant, for clients known by their certificates."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("tls_client_auth",)


class Bound(JWTBearerTokenGenerator):
    """RFC 9068 with the confirmation of RFC 8705 section 3.1."""

    def get_jwks(self) -> ECKey:
        """What is signed with."""
        return KEY

    def get_audiences(self, client: Client, user: object, scope: str) -> str:
        """The one resource server."""
        return str(CONFIG["resource"])

    def get_extra_claims(
        self, client: Client, grant_type: str, user: object, scope: str
    ) -> dict[str, object]:
        """To whom it is bound."""
        digest = hashlib.sha256(presented()).digest()
        thumbprint = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return {"cnf": {"x5t#S256": thumbprint}}


def save_token(token: dict[str, object], request: object) -> None:
    """A JWT need not be kept."""


app = Flask(__name__)
server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=save_token)
server.register_client_auth_method("tls_client_auth", authenticate)
server.register_grant(ClientCredentials)
server.register_token_generator(
    "default",
    Bound(issuer=CONFIG["issuer"], alg="ES256", expires_generator=lambda *_: 300),
)


def token() -> Response:
    """The token endpoint."""
    response: Response = server.create_token_response()
    return response


app.add_url_rule("/token", view_func=token, methods=["POST"])
