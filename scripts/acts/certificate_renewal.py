"""An act: a new certificate, RFC 8705 sections 6.3 and 7.1."""

from client_node.oauth.metadata.server_metadata import ServerMetadata, choose_endpoint
from client_node.oauth.requests.resource_request import request_resource
from client_node.oauth.token.token_request import (
    TokenResponse,
    judge_token_response,
    request_refresh,
)
from client_node.open_banking.open_banking_request import BASE_PATH
from scripts.acts.outline import ACTS
from scripts.stage.cast import CannotGoOn, Cast, present
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage

_OLD_TOKEN = Plan(
    "renewal.old-token",
    "The old token, with the new certificate",
    "The token is bound to the certificate, not to the name in it: with the new one it "
    "stops working, though it has not expired.",
    "RFC 8705 section 6.3",
    "401 invalid_token, RFC 8705 section 3",
)
_REFRESH = Plan(
    "renewal.refresh-token",
    "The refresh token, with the new certificate",
    "A confidential client's refresh token is bound to the client, which "
    "authenticates with whatever certificate is its own today.",
    "RFC 8705 section 7.1",
)
_NEW_TOKEN = Plan(
    "renewal.new-token",
    "The new token, with the new certificate",
    "Bound to the certificate of the refresh request.",
    "RFC 8705 section 3",
)
_PUBLIC = Plan(
    "renewal.public-client",
    "A public client's refresh token, with its new certificate",
    "The application on the telephone has no name that it could prove, only a "
    "certificate. Its refresh token is bound to that one and does not work with the "
    "new one, so the customer signs in again.",
    "RFC 8705 section 4",
    "400 invalid_grant, RFC 8705 section 4",
)


async def certificate_renewal(
    stage: Stage,
    cast: Cast,
    metadata: ServerMetadata,
    tokens: TokenResponse,
    applications_token: str,
) -> None:
    """
    Old tokens stay with the old certificate; the refresh token does not mind.

    Unless it is *applications_token*, a public client's.
    """
    await stage.act(ACTS["renewal"])
    credential = cast.renewed("banking-client")
    stage.call("banking-client (renewed)", credential)
    renewed = cast.identity("banking-client", credential)
    url = f"{cast.resource}{BASE_PATH}/accounts"
    old_request = request_resource(renewed, url, tokens.access_token)
    await stage.exchange(_OLD_TOKEN, old_request)
    if tokens.refresh_token is None:
        raise CannotGoOn("there is no refresh token")
    endpoint = choose_endpoint(metadata, "token_endpoint")
    refreshing = request_refresh(renewed, endpoint, tokens.refresh_token)
    answer = await stage.exchange(_REFRESH, refreshing)
    fresh = judge_token_response(present(answer)).access_token
    await stage.exchange(_NEW_TOKEN, request_resource(renewed, url, fresh))
    application = cast.unvouched("mobile-app")
    stage.call("mobile-app (renewed)", application.credential)
    refreshing = request_refresh(application, endpoint, applications_token)
    await stage.exchange(_PUBLIC, refreshing)
