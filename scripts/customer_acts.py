"""The acts in which a customer takes part: RFC 6749 section 4.1, FAPI 2.0."""

import json
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from client_node.authorization_response import judge_authorization_response
from client_node.consent_request import (
    PERMISSIONS,
    judge_consent_creation,
    request_consent_creation,
)
from client_node.identity import Identity
from client_node.introspection_request import request_introspection
from client_node.open_banking_request import BASE_PATH
from client_node.pkce import code_challenge, new_code_verifier
from client_node.pushed_authorization_request import (
    AuthorizationRequest,
    authorization_url,
    judge_pushed_authorization_response,
    request_pushed_authorization,
)
from client_node.resource_request import request_resource
from client_node.server_metadata import ServerMetadata, choose_endpoint
from client_node.token_request import (
    TokenResponse,
    judge_token_response,
    request_redemption,
    request_refresh,
)
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.mtls.client import Answer
from pki.pem import Credential
from scripts.cast import CannotGoOn, Cast, decoded, members, obtain_token, present
from scripts.person import Person
from scripts.plan import Plan
from scripts.stage import Stage

_CUSTOMER = "ty.webb@example.com"
_PASSWORD = "be-the-ball"  # noqa: S105 - the test bank shows it on its page
_SCA = "urn:openbanking:psd2:sca"
_STATE = "journey"


@dataclass(frozen=True, slots=True)
class _Request:
    """A pushed request that a browser can take along, and what belongs to it."""

    url: str
    redirect_uri: str
    code_verifier: str


async def customer_connects(
    stage: Stage, cast: Cast, metadata: ServerMetadata
) -> TokenResponse:
    """From the consent to the accounts, and the slide's two figures on the way."""
    await stage.act(
        "A customer connects her bank",
        "Ty Webb lets the banking client see accounts. The browser carries a "
        "reference and a code, nothing worth stealing; everything else goes over "
        "mutual TLS.",
    )
    client = cast.honest("banking-client")
    consent_id = await _consent(stage, cast, client, metadata)
    request = await _push(stage, cast, client, metadata, consent_id, told=True)
    code = await _approve(stage, cast, metadata, request, told=True)
    plan = Plan(
        "The client redeems the code",
        "With the PKCE verifier, over its own certificate. The token is hers, the "
        "binding is the client's.",
        "RFC 6749 section 4.1.3",
    )
    tokens = await _redeem(stage, client, metadata, request, code, plan)
    await _figures(stage, cast, metadata, tokens.access_token)
    plan = Plan(
        "The client reads her accounts",
        "The token names her consent; the bank looks it up for every request.",
        "RFC 8705 section 3",
    )
    url = f"{cast.resource}{BASE_PATH}/accounts"
    await stage.exchange(plan, request_resource(client, url, tokens.access_token))
    return tokens


async def certificate_renewal(
    stage: Stage, cast: Cast, metadata: ServerMetadata, tokens: TokenResponse
) -> None:
    """Old tokens stay with the old certificate; the refresh token does not mind."""
    await stage.act(
        "The client renews its certificate",
        "The same name, a new key, a new certificate. It costs the customer nothing.",
    )
    renewed = cast.identity("banking-client", cast.renewed("banking-client"))
    url = f"{cast.resource}{BASE_PATH}/accounts"
    plan = Plan(
        "The old token, with the new certificate",
        "The token is bound to the certificate, not to the name in it.",
        "RFC 8705 section 6.3",
        "401 invalid_token, RFC 8705 section 3",
    )
    await stage.exchange(plan, request_resource(renewed, url, tokens.access_token))
    plan = Plan(
        "The refresh token, with the new certificate",
        "A confidential client's refresh token is bound to the client, which "
        "authenticates with whatever certificate is its own today.",
        "RFC 8705 section 7.1",
    )
    endpoint = choose_endpoint(metadata, "token_endpoint")
    refresh_token = tokens.refresh_token
    if refresh_token is None:
        raise CannotGoOn("there is no refresh token")
    answer = await stage.exchange(
        plan, request_refresh(renewed, endpoint, refresh_token)
    )
    fresh = judge_token_response(present(answer)).access_token
    plan = Plan(
        "The new token, with the new certificate",
        "Bound to the certificate of the refresh request.",
        "RFC 8705 section 3",
    )
    await stage.exchange(plan, request_resource(renewed, url, fresh))


async def stolen_code(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """A code is good for the client it was given to, and once."""
    await stage.act(
        "The thief: a stolen code",
        "The code comes back through the browser, where it can be seen. The thief has "
        "it, and the PKCE verifier too, which is more than a thief should have.",
    )
    client = cast.honest("banking-client")
    consent_id = await _consent(stage, cast, client, metadata, told=False)
    request = await _push(stage, cast, client, metadata, consent_id, told=False)
    code = await _approve(stage, cast, metadata, request, told=False)
    endpoint = choose_endpoint(metadata, "token_endpoint")
    plan = Plan(
        "Another client redeems the code",
        "It authenticates as itself, with its own good certificate.",
        "RFC 6749 section 4.1.3",
        "400 invalid_grant, RFC 6749 section 4.1.3",
    )
    thief = cast.honest("other-tpp")
    await stage.exchange(plan, _redemption(thief, endpoint, request, code))
    plan = Plan(
        "The client redeems it",
        "The theft has not burnt it: that would be a way to disturb every customer.",
        "RFC 6749 section 4.1.3",
    )
    tokens = await _redeem(stage, client, metadata, request, code, plan)
    plan = Plan(
        "The same code a second time",
        "Somebody has a copy. All that was issued from it ends.",
        "RFC 6749 section 4.1.2",
        "400 invalid_grant, RFC 6749 section 4.1.2",
    )
    await stage.exchange(plan, _redemption(client, endpoint, request, code))
    plan = Plan(
        "What was issued from it, at the introspection endpoint",
        "The token has not expired, and is good no more.",
        "RFC 7662 section 2.2",
        "200 inactive",
    )
    resource_server = cast.honest("accounts-rs")
    introspection = choose_endpoint(metadata, "introspection_endpoint")
    await stage.exchange(
        plan, request_introspection(resource_server, introspection, tokens.access_token)
    )


async def public_client(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """A native application with a certificate of its own making."""
    await stage.act(
        "A client without credentials",
        "An application on a telephone can keep no secret that all its copies share. "
        "This one makes a certificate for itself; nobody vouches for it, and nobody "
        "has to: what it obtains is bound to it.",
    )
    application = cast.identity("mobile-app", _own_certificate("mobile-app"))
    request = await _push(
        stage, cast, application, metadata, None, told=True, scope="openid"
    )
    code = await _approve(stage, cast, metadata, request, told=False)
    plan = Plan(
        "The application redeems the code",
        "There is no client authentication; the certificate only binds.",
        "RFC 8705 section 4",
    )
    tokens = await _redeem(stage, application, metadata, request, code, plan)
    if tokens.refresh_token is None:
        raise CannotGoOn("there is no refresh token")
    endpoint = choose_endpoint(metadata, "token_endpoint")
    thief = cast.identity("mobile-app", _own_certificate("mobile-app"))
    plan = Plan(
        "Its refresh token, stolen",
        "Anybody can say the same client_id and make a certificate with the same "
        "name. It is another certificate.",
        "RFC 8705 section 4",
        "400 invalid_grant, RFC 8705 section 4",
    )
    await stage.exchange(plan, request_refresh(thief, endpoint, tokens.refresh_token))
    plan = Plan(
        "Its refresh token, with its own certificate",
        "Bound to the certificate of the application, and good there.",
        "RFC 8705 section 4",
    )
    await stage.exchange(
        plan, request_refresh(application, endpoint, tokens.refresh_token)
    )


# What the acts have in common.


async def _consent(
    stage: Stage,
    cast: Cast,
    client: Identity,
    metadata: ServerMetadata,
    *,
    told: bool = True,
) -> str:
    """A consent at the bank, which the customer has not seen yet."""
    plan = Plan(
        "The client asks for a token for itself",
        "A consent belongs to the client before it belongs to a customer.",
        "RFC 6749 section 4.4",
    )
    token = await obtain_token(stage, client, metadata, plan, told=told)
    expires = time.time() + 90 * 86400
    request = request_consent_creation(
        client, cast.resource, token, PERMISSIONS, expires
    )
    plan = Plan(
        "The client registers with the bank what it will ask for",
        "Which permissions, until when. UK Open Banking calls it an intent.",
        "RFC 8705 section 3",
        "201",
    )
    answer = await (stage.exchange(plan, request) if told else request)
    return judge_consent_creation(present(answer)).consent_id


async def _push(  # noqa: PLR0913 - what a request is made of
    stage: Stage,
    cast: Cast,
    client: Identity,
    metadata: ServerMetadata,
    consent_id: str | None,
    *,
    told: bool,
    scope: str = "openid accounts",
) -> _Request:
    """A pushed authorization request."""
    verifier = new_code_verifier()
    redirect_uri = (
        cast.redirect_uri if consent_id is not None else "http://127.0.0.1:7/callback"
    )
    asked = AuthorizationRequest(
        redirect_uri=redirect_uri,
        scope=scope,
        state=_STATE,
        code_challenge=code_challenge(verifier),
        nonce="n-0S6_WzA2Mj",
        claims=None if consent_id is None else _claims(consent_id),
    )
    endpoint = choose_endpoint(metadata, "pushed_authorization_request_endpoint")
    request = request_pushed_authorization(client, endpoint, asked)
    plan = Plan(
        "The client pushes its authorization request",
        "Directly, over mutual TLS. The browser will carry a reference to it.",
        "RFC 9126 section 2.1",
        "201",
    )
    answer = await (stage.exchange(plan, request) if told else request)
    pushed = judge_pushed_authorization_response(present(answer))
    url = authorization_url(metadata, client.client_id, pushed)
    return _Request(url, redirect_uri, verifier)


async def _approve(
    stage: Stage, cast: Cast, metadata: ServerMetadata, request: _Request, *, told: bool
) -> str:
    """The customer signs in and approves; returns the code."""
    person = Person(cast.identity("browser", None))
    plan = Plan(
        "Her browser brings the reference to the bank",
        "Only client_id and request_uri. The listener asks the browser for no "
        "certificate.",
        "RFC 9126 section 4",
    )
    going = person.open(request.url)
    await (stage.exchange(plan, going) if told else going)
    await person.follow()
    plan = Plan(
        "She signs in",
        "The password is not recorded.",
        "OpenID Connect Core section 3.1.2.3",
        "303",
    )
    going = person.submit("/sign-in", {"username": _CUSTOMER, "password": _PASSWORD})
    await (stage.exchange(plan, going) if told else going)
    await person.follow()
    if b'name="totp"' in present(person.page).body:
        plan = Plan("And once more", "A second factor.", "RFC 6238 section 4", "303")
        going = person.submit("/second-factor", {"totp": person.shown_code()})
        await (stage.exchange(plan, going) if told else going)
        await person.follow()
    plan = Plan(
        "She sees what is asked, and approves",
        "The bank's API hears her decision first, from the authorization server, each "
        "proving who it is. Then the code is issued.",
        "RFC 6749 section 4.1.2",
        "303",
    )
    going = person.submit("/consent", {"decision": "approved"}, tick_all=True)
    await (stage.exchange(plan, going) if told else going)
    back = urlsplit(person.leads_to or "")
    return judge_authorization_response(
        back.query, state=_STATE, issuer=metadata.issuer
    )


async def _redeem(
    stage: Stage,
    client: Identity,
    metadata: ServerMetadata,
    request: _Request,
    code: str,
    plan: Plan,
) -> TokenResponse:
    endpoint = choose_endpoint(metadata, "token_endpoint")
    answer = await stage.exchange(plan, _redemption(client, endpoint, request, code))
    return judge_token_response(present(answer))


def _redemption(
    client: Identity, endpoint: str, request: _Request, code: str
) -> Awaitable[Answer]:
    return request_redemption(
        client,
        endpoint,
        code,
        redirect_uri=request.redirect_uri,
        code_verifier=request.code_verifier,
    )


async def _figures(
    stage: Stage, cast: Cast, metadata: ServerMetadata, access_token: str
) -> None:
    """The two figures of the slides: RFC 8705 sections 3.1 and 3.2."""
    _, claims = (decoded(part) for part in access_token.split(".")[:2])
    plan = Plan(
        "The JWT confirmation method, as on the slide",
        "Her name in the token, the client's certificate in cnf.",
        "RFC 8705 section 3.1",
        _CUSTOMER,
    )
    await stage.derivation(plan, members(claims), str(claims["sub"]))
    plan = Plan(
        "Token introspection, as on the slide",
        "The same token, asked about by the resource server.",
        "RFC 8705 section 3.2",
    )
    endpoint = choose_endpoint(metadata, "introspection_endpoint")
    resource_server = cast.honest("accounts-rs")
    answer = await stage.exchange(
        plan, request_introspection(resource_server, endpoint, access_token)
    )
    told: dict[str, object] = json.loads(present(answer).body)
    plan = Plan(
        "Both say the same",
        "iss, sub, exp, nbf and cnf, whichever way the resource server learns them.",
        "RFC 8705 section 3.2",
        _same(claims),
    )
    await stage.derivation(plan, members(told), _same(told))


def _same(claims: Mapping[str, object]) -> str:
    """The members of the slides' figures."""
    names = ("iss", "sub", "exp", "nbf", "cnf")
    return json.dumps({name: claims.get(name) for name in names})


def _claims(consent_id: str) -> Mapping[str, object]:
    """OpenID Connect Core section 5.5, as UK Open Banking has it."""
    return {
        "id_token": {
            "openbanking_intent_id": {"value": consent_id, "essential": True},
            "acr": {"values": [_SCA], "essential": True},
        }
    }


def _own_certificate(name: str) -> Credential:
    """What a native application makes for itself."""
    return self_signed(CLIENT, subject(name, "Made here"), validity(time.time(), 1))
