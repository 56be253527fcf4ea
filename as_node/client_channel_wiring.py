"""
The part of the composition that clients and resource servers meet: the endpoints that
both listeners serve, and what they advertise.

Like `as_node.wiring` it knows many files and decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Connection

from as_node.clients.authentication import ClientAuthentication
from as_node.clients.jwks_cache import JwksCache
from as_node.clients.jwks_fetch import JwksFetch
from as_node.clients.private_key_jwt import PrivateKeyJwt
from as_node.clients.registry import Clients, allowed_hosts
from as_node.clients.self_signed_tls_client_auth import SelfSignedTlsClientAuth
from as_node.clients.tls_client_auth import TlsClientAuth
from as_node.config import Config
from as_node.endpoints.introspection import IntrospectionEndpoint
from as_node.endpoints.metadata import (
    CLIENT_AUTHENTICATED_ENDPOINTS,
    JWKS,
    OPENID_CONFIGURATION,
    USERINFO_ENDPOINT,
    WELL_KNOWN,
    JwksEndpoint,
    MetadataEndpoint,
    authorization_server_metadata,
)
from as_node.endpoints.par import PushedAuthorizationRequestEndpoint
from as_node.endpoints.revocation import RevocationEndpoint
from as_node.endpoints.status_list import STATUS_LIST, StatusListEndpoint
from as_node.endpoints.token import TokenEndpoint
from as_node.endpoints.userinfo import UserinfoEndpoint
from as_node.grants.authorization_code import AuthorizationCodeGrant
from as_node.grants.client_credentials import client_credentials
from as_node.grants.grant import Grant, IsInForce
from as_node.grants.refresh_token import RefreshTokenGrant
from as_node.protocol.errors import TemporarilyUnavailable
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.store.store import Store
from as_node.tokens.access_tokens import AccessTokens
from as_node.tokens.authorizations import Authorizations
from as_node.tokens.id_token import LIFETIME_SECONDS as ID_TOKEN_LIFETIME
from as_node.tokens.id_token import IdTokens
from as_node.tokens.signing_keys import SigningKeys
from as_node.tokens.status_indexes import StatusIndexes
from as_node.tokens.status_lists import LIFETIME_SECONDS as STATUS_LIST_LIFETIME
from as_node.tokens.status_lists import StatusLists
from pki.chain.ca_faults import root_complaints
from pki.chain.crl_file import CrlFile
from pki.chain.judge import ChainJudge
from pki.http.routes import Handler, Route
from pki.mtls.client import MutualTLSClient
from pki.node.process import Surroundings
from pki.node.store_away import served_unless_store_fails
from pki.node.store_errors import StoreFailed
from pki.pem import load_certificates


@dataclass(frozen=True, slots=True)
class ClientChannel:
    """
    What it is made of.

    *connection* is that of the *store*; *is_in_force* says whether a consent is;
    *jwks_client* fetches what a `jwks_uri` names.
    """

    config: Config
    surroundings: Surroundings
    connection: Connection
    store: Store
    clients: Clients
    authorizations: Authorizations
    is_in_force: IsInForce
    jwks_client: MutualTLSClient

    def metadata(self) -> dict[str, object]:
        """What is advertised."""
        return authorization_server_metadata(
            issuer=self.config.issuer,
            mtls_base_url=self.config.mtls_base_url,
            scopes_supported=self.config.scopes_supported,
            grant_types_supported=self._grants(),
        )

    def routes(self) -> list[Route]:
        """
        What both listeners serve; a store that fails is an OAuth error.

        Raises:
            ValueError: something that the configuration names cannot be used.
        """
        signing_keys = self._signing_keys()
        metadata = MetadataEndpoint(self.metadata()).answer
        access_tokens = self._access_tokens(signing_keys)
        handlers = self._handlers(access_tokens, signing_keys)
        userinfo = UserinfoEndpoint(
            access_tokens, self.authorizations, self.is_in_force
        ).answer
        userinfo_path = USERINFO_ENDPOINT["userinfo_endpoint"]
        paths = CLIENT_AUTHENTICATED_ENDPOINTS
        served = [
            Route("GET", WELL_KNOWN, metadata),
            Route("GET", OPENID_CONFIGURATION, metadata),
            Route("GET", JWKS, JwksEndpoint(signing_keys).answer),
            Route("GET", STATUS_LIST, self._status_lists(signing_keys).answer),
            *(Route("POST", paths[name], answer) for name, answer in handlers.items()),
            Route("GET", userinfo_path, userinfo),
            Route("POST", userinfo_path, userinfo),
        ]
        return [*served_unless_store_fails(served, TemporarilyUnavailable)]

    def _handlers(
        self, access_tokens: AccessTokens, signing_keys: SigningKeys
    ) -> Mapping[str, Handler]:
        """By the metadata member of an endpoint at which clients authenticate."""
        clock = self.surroundings.clock
        authentication = self._authentication()
        id_tokens = IdTokens(signing_keys, self.config.issuer, clock)
        return {
            "token_endpoint": TokenEndpoint(
                authentication, self._grants(), access_tokens, id_tokens.issue
            ).answer,
            "introspection_endpoint": IntrospectionEndpoint(
                authentication, access_tokens, self.authorizations, self.is_in_force
            ).answer,
            "revocation_endpoint": RevocationEndpoint(
                authentication, access_tokens, self.authorizations
            ).answer,
            "pushed_authorization_request_endpoint": PushedAuthorizationRequestEndpoint(
                authentication,
                self.store,
                self.config.resource,
                id_tokens.find_sub,
                self.config.pushed_authorization_request_lifetime,
                clock,
            ).answer,
        }

    def _grants(self) -> Mapping[str, Grant]:
        """By `grant_type`."""
        return {
            "client_credentials": client_credentials,
            "authorization_code": AuthorizationCodeGrant(
                self.authorizations, self.is_in_force
            ).grant,
            "refresh_token": RefreshTokenGrant(
                self.authorizations, self.is_in_force
            ).grant,
        }

    def _access_tokens(self, signing_keys: SigningKeys) -> AccessTokens:
        return AccessTokens(
            self.store,
            signing_keys,
            StatusIndexes(self.store),
            issuer=self.config.issuer,
            audience=self.config.resource,
            lifetime_seconds=self.config.access_token_lifetime,
            clock=self.surroundings.clock,
        )

    def _status_lists(self, signing_keys: SigningKeys) -> StatusListEndpoint:
        issuer, clock = self.config.issuer, self.surroundings.clock
        return StatusListEndpoint(StatusLists(self.store, signing_keys, issuer, clock))

    def _signing_keys(self) -> SigningKeys:
        try:
            return SigningKeys(
                SqliteSigningKeys(self.connection),
                lifetime_seconds=max(
                    self.config.access_token_lifetime,
                    ID_TOKEN_LIFETIME,
                    STATUS_LIST_LIFETIME,
                ),
                clock=self.surroundings.clock,
            )
        except StoreFailed as error:
            raise ValueError(f"{self.config.database}: {error}") from error

    def _authentication(self) -> ClientAuthentication:
        config, clock = self.config, self.surroundings.clock
        monotonic = self.surroundings.monotonic
        hosts = allowed_hosts(config.jwks_uri_allowed_hosts)
        warn = self.surroundings.witness.log.warning
        jwks_cache = JwksCache(
            JwksFetch(self.jwks_client, hosts, warn), clock=monotonic, warn=warn
        )
        return ClientAuthentication(
            self.clients,
            TlsClientAuth(self._chain_judge()),
            SelfSignedTlsClientAuth(
                jwks_cache,
                certificates_may_be_expired=config.self_signed_certificates_may_be_expired,
                clock=clock,
            ),
            PrivateKeyJwt(self.store, issuer=config.issuer, clock=clock),
        )

    def _chain_judge(self) -> ChainJudge:
        config, clock = self.config, self.surroundings.clock
        tell, crl_file = self.surroundings.witness.log.warning, None
        if config.check_revocation:
            crl_file = CrlFile(
                config.client_crl,
                check_seconds=config.crl_check_seconds,
                clock=clock,
                tell=tell,
            )
            crl_file.verify_readable()
        roots = load_certificates(config.client_roots)
        for complaint in root_complaints(roots):
            tell(f"{config.client_roots}: {complaint}")
        return ChainJudge(roots, crl_file=crl_file, clock=clock)
