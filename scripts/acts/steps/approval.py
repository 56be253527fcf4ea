"""What a customer does in her browser: RFC 6749 section 4.1, OpenID Connect Core."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from client_node.oauth.authorization.authorization_response import (
    judge_authorization_response,
)
from client_node.oauth.metadata.server_metadata import ServerMetadata
from pki.http.answers import Answer
from scripts.acts.steps.code_flow import PushedRequest
from scripts.stage.cast import Wait
from scripts.stage.person import Person
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage

CUSTOMER = "ty.webb@example.com"
_PASSWORD = "be-the-ball"  # noqa: S105 - the test bank shows it on its page
_MOST_CODES = 4

_ARRIVES = Plan(
    "customer.browser-arrives",
    "Her browser brings the reference to the bank",
    "Only client_id and request_uri. The listener asks the browser for no certificate.",
    "RFC 9126 section 4",
)
_SIGNS_IN = Plan(
    "customer.signs-in",
    "She signs in",
    "The password is not recorded.",
    "OpenID Connect Core section 3.1.2.3",
    "303",
)
_ONCE_MORE = Plan(
    "customer.second-factor",
    "And once more, with the code of her authenticator",
    "Something she has, beside what she knows.",
    "RFC 6238 section 4",
    "303",
)
_APPROVES = Plan(
    "customer.approves",
    "She sees what is asked, and approves",
    "The bank's API hears her decision first, from the authorization server, each "
    "proving who it is. Then the code is issued.",
    "RFC 6749 section 4.1.2",
    "303",
)

_COMES_BACK = Plan(
    "customer.browser-returns",
    "The browser brings the code, and the client looks whose answer it is",
    "Anybody can send a browser there with anything. So state must be that of the "
    "request this browser began, and iss the server it was sent to: no code of one "
    "server is ever taken to another.",
    "RFC 9207 section 2.4",
)

_Tell = Callable[[Plan, Awaitable[Answer]], Awaitable[object]]


async def approve(
    stage: Stage,
    person: Person,
    wait: Wait,
    metadata: ServerMetadata,
    request: PushedRequest,
    *,
    told: bool,
) -> str:
    """
    *person* signs in, as far as the bank does not know her yet, and approves.

    Returns the code.
    """
    tell = stage.exchange if told else _without_telling
    await tell(_ARRIVES, person.open(request.url))
    await person.follow()
    if person.sees_form("/sign-in"):
        named = {"username": CUSTOMER, "password": _PASSWORD}
        await tell(_SIGNS_IN, person.submit("/sign-in", named))
        await person.follow()
    if person.sees_form("/second-factor"):
        await tell(_ONCE_MORE, _second_factor(person, wait, request.url))
        await person.follow()
    approved = person.submit("/consent", {"decision": "approved"}, tick_all=True)
    await tell(_APPROVES, approved)
    query = urlsplit(person.leads_to or "").query
    issuer = metadata.issuer
    code = judge_authorization_response(query, state=request.state, issuer=issuer)
    if told:
        await _comes_back(stage, query, request.state, issuer)
    return code


async def _comes_back(stage: Stage, query: str, state: str, issuer: str) -> None:
    """What the browser brings, beside what this client remembers of the request."""
    brought = parse_qsl(query)
    remembered = [
        ("state of this browser", state),
        ("the server it was sent to", issuer),
    ]
    plan = replace(_COMES_BACK, expected=issuer)
    await stage.derivation(
        plan,
        [*brought, *remembered],
        dict(brought).get("iss", "no iss"),
        by=judge_authorization_response,
    )


async def _second_factor(person: Person, wait: Wait, url: str) -> Answer:
    """
    The code that the page shows.

    Each is good once (RFC 6238 section 5.2), and a demo a moment ago may have used it:
    then the page shows the next one, or says when that comes.
    """
    for _ in range(_MOST_CODES):
        code = person.find_shown_code()
        if code is None:
            await wait(person.seconds_to_the_next_code())
            await person.open(url)
            await person.follow()
            code = person.find_shown_code() or ""
        answer = await person.submit("/second-factor", {"totp": code})
        if answer.status == 303:
            break
    return person.page.answer


async def _without_telling(plan: Plan, going: Awaitable[Answer]) -> object:
    return await going
