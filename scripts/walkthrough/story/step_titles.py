"""
What happened, in words a person understands.

For steps that nobody planned: from who asked, for what, and how it ended.
"""

import re

from scripts.walkthrough.story.message_contents import parameters
from scripts.walkthrough.story.story import Decision, Exchange

OF_ANOTHER_CERTIFICATE = frozenset(
    {
        "binding.same-certificate",
        "userinfo.same-certificate",
        "refresh-token.same-certificate",
    }
)
"""The checks whose refusals say: this token is bound to another certificate."""

OF_ANOTHER_CLIENT = frozenset(
    {"code.client", "refresh-token.client", "revocation.client"}
)
"""The checks whose refusals say: this code or token was issued to another client."""

_ABOUT_BINDING = frozenset({"RFC 8705 section 3", "RFC 8705 section 4"})
_NO_CERTIFICATE = OF_ANOTHER_CERTIFICATE | {"binding.certificate-presented"}

_LONGEST_PATH = 60  # characters of it in a title

_GRANTS = {
    "client_credentials": "asks for a token",
    "authorization_code": "exchanges a code for tokens",
    "refresh_token": "asks for a fresh token",
}

# Lane of the server, method, path; the first that fits.
_DOES = (
    ("as", "POST", r"/introspect", "asks whether a token is good"),
    ("as", "POST", r"/revoke", "gives a token back"),
    ("as", "POST", r"/par", "pushes an authorization request"),
    ("as", "GET", r"/authorize", "comes to the bank with a request"),
    ("as", "POST", r"/sign-in", "signs in at the bank"),
    ("as", "POST", r"/second-factor", "gives the second factor"),
    ("as", "POST", r"/not-you", "says that this is somebody else"),
    ("as", "POST", r"/consent", "answers what the bank asks"),
    ("as", "POST", r"/cancel", "goes back without consent"),
    ("as", "GET", r"/jwks", "fetches the keys that tokens are signed with"),
    ("as", "GET", r"/status/[0-9]+", "fetches the list of revoked tokens"),
    ("as", "GET", r"/userinfo", "asks who the customer is"),
    ("as", "POST", r"/userinfo", "asks who the customer is"),
    ("rs", "GET", r"/backchannel/consents/[^/]+", "looks at the consent asked for"),
    (
        "rs",
        "PUT",
        r"/backchannel/consents/[^/]+/decision",
        "tells what the customer decided",
    ),
    ("rs", "POST", r".*/account-access-consents", "says what it would like to see"),
    ("rs", "GET", r".*/account-access-consents/[^/]+", "looks at a consent"),
    ("rs", "DELETE", r".*/account-access-consents/[^/]+", "ends a consent"),
    ("rs", "GET", r".*/accounts", "reads accounts"),
    ("rs", "GET", r".*/accounts/[^/]+", "reads an account"),
    ("rs", "GET", r".*/balances", "reads balances"),
    ("rs", "GET", r".*/transactions", "reads transactions"),
    ("client", "GET", r"/jwks/[^/]+", "fetches the certificate a client publishes"),
    ("client", "GET", r"/callback", "comes back from the bank"),
    ("client", "POST", r"/connect", "asks to connect the bank"),
    ("client", "POST", r"/disconnect", "ends the connection to the bank"),
    ("as", "GET", r"/\.well-known/.*", "asks what the authorization server offers"),
    ("rs", "GET", r"/\.well-known/.*", "asks what the resource server wants"),
)

# What the bank's page asks next, by the form it shows.
_ASKED_NEXT = (
    ("/sign-in", "is asked to sign in at the bank"),
    ("/second-factor", "is asked for a second factor"),
    ("/consent", "is shown what would be shared"),
)

_SERVERS = {
    "as": "the authorization server",
    "rs": "the resource server",
    "client": "the banking client",
}


def title_of(exchange: Exchange) -> str:
    """For example "other-tpp presents a token that is not its own"."""
    name = who(exchange)
    refusal = find_refusal(exchange)
    if refusal is None:
        return f"{name} {_does(exchange)}"
    if presents := _presents(exchange, refusal):
        return f"{name} presents {presents}"
    claimed = client_id_of(exchange)
    if claimed not in {"", exchange.client}:
        return f"{name} says that it is {claimed}, and is refused"
    return f"{name} {_does(exchange)}, and is refused"


def _presents(exchange: Exchange, refusal: Decision) -> str:
    """The token or the code that was refused for whom it belongs to, if one was."""
    if refusal.name == "code.client":
        return "a code that is not its own"
    proven = exchange.handshake.client_certificate is not None
    if refusal.name in _NO_CERTIFICATE and not proven:
        return "a token without the certificate it is bound to"
    if refusal.name in OF_ANOTHER_CLIENT:
        return "a token that is not its own"
    if refusal.name in OF_ANOTHER_CERTIFICATE:
        is_thief = exchange.client_lane == "thief"
        whose = "not its own" if is_thief else "bound to another certificate"
        return f"a token that is {whose}"
    return ""


def says_of(exchange: Exchange) -> str:
    """The request, where it went, and the check that was not passed, if one was not."""
    method, path = _method_and_path(exchange)
    server = _SERVERS.get(exchange.server_lane, exchange.server)
    asked = f"{method} {path} at {server}."
    refusal = find_refusal(exchange)
    return asked if refusal is None else f"{asked} Refused: {refusal.check}."


def rule_of(exchange: Exchange) -> str:
    """The rule of the refusing decision, or of the one that tells most."""
    refusal = find_refusal(exchange)
    if refusal is not None:
        return refusal.rule
    rules = [each.rule for each in exchange.decisions if each.rule]
    about_binding = [rule for rule in rules if rule in _ABOUT_BINDING]
    about_mutual_tls = [rule for rule in rules if rule.startswith("RFC 8705 ")]
    nested = [rule for each in exchange.nested if (rule := rule_of(each))]
    # The last one: what is checked first is whether anybody may ask at all.
    about = (*about_binding, *about_mutual_tls, *reversed(rules), *nested)
    return next(iter(about), "")


def find_refusal(exchange: Exchange) -> Decision | None:
    """The first check of the server that was not passed."""
    return next((each for each in exchange.decisions if not each.accepted), None)


def client_id_of(exchange: Exchange) -> str:
    """Which client the request says it comes from; empty where it does not."""
    return _parameter(exchange, "client_id")


def who(exchange: Exchange) -> str:
    """Who asked, in words where it is nobody with a name."""
    match exchange.client:
        case "browser":
            return "a browser"
        case "anonymous":
            asked = exchange.handshake.certificate_requested
            return "somebody without a certificate" if asked else "somebody"
        case name:
            return name


def _does(exchange: Exchange) -> str:
    method, path = _method_and_path(exchange)
    if (exchange.server_lane, method, path) == ("as", "POST", "/token"):
        return _GRANTS.get(_parameter(exchange, "grant_type"), "asks for a token")
    if (exchange.server_lane, method, path) == ("as", "GET", "/authorize"):
        shown = "" if exchange.response is None else exchange.response.body
        for form, words in _ASKED_NEXT:
            if f'action="{form}"' in shown:
                return words
    for lane, its_method, pattern, words in _DOES:
        if (lane, its_method) == (exchange.server_lane, method) and re.fullmatch(
            pattern, path
        ):
            return words
    shown = path if len(path) <= _LONGEST_PATH else f"{path[: _LONGEST_PATH - 1]}…"
    opens = exchange.client_lane == "browser" and method == "GET"
    return f"opens {shown}" if opens else f"sends {method} {shown}"


def _method_and_path(exchange: Exchange) -> tuple[str, str]:
    """A target may be anything, and no URL: whoever asks has written it."""
    method, target, _ = exchange.request.start.split(" ", 2)
    return method, re.split("[?#]", target, maxsplit=1)[0]


def _parameter(exchange: Exchange, name: str) -> str:
    return next(iter(parameters(exchange, name)), "")
