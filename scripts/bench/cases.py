"""
What is measured, and of whom.

Work has a name; a contender that does it takes part. Some yardsticks do other work of
the same outer form: a bare hello, and a file of nginx's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OURS = "ours"
HELLO = "twisted hello"
NGINX = "nginx static"
S_SERVER = "openssl s_server"
PROVIDER = "oidc-provider"
AUTHLIB = "Authlib"
KEYCLOAK = "Keycloak"

KEPT, NEW = 32, 16
"""How many pieces of work are under way: on kept connections, and with new ones."""


@dataclass(frozen=True, slots=True)
class Case:
    """
    *works* says what each contender is asked to do, *against* to whom ours is compared.

    With *anew* each piece of work has a connection, and so a handshake, of its own.
    With *until_done* there is no warming, and it lasts until every token is used.
    """

    name: str
    title: str
    works: Mapping[str, str]
    against: tuple[str, ...]
    anew: bool = False
    until_done: bool = False
    quick: bool = False

    @property
    def at_a_time(self) -> int:
        """Pieces of work under way."""
        return NEW if self.anew else KEPT


def _all(work: str, *names: str) -> dict[str, str]:
    return dict.fromkeys((OURS, *names), work)


_YARDSTICKS = {HELLO: "hello", NGINX: "hello"}
_TOKEN = _all("token-es256", PROVIDER, AUTHLIB, KEYCLOAK) | _YARDSTICKS
_HANDSHAKE = {S_SERVER: "handshake"}
_PS256 = _all("token-ps256", PROVIDER, KEYCLOAK)
_ACCOUNTS = _all("accounts-jwt") | _YARDSTICKS

CASES = (
    Case("token", "token, ES256", _TOKEN, (PROVIDER, HELLO), quick=True),
    Case(
        "token-new",
        "handshake and token, ES256",
        _TOKEN | _HANDSHAKE,
        (PROVIDER, NGINX),
        anew=True,
        quick=True,
    ),
    Case("token-ps256", "token, PS256", _PS256, (PROVIDER,)),
    Case(
        "token-ps256-new", "handshake and token, PS256", _PS256, (PROVIDER,), anew=True
    ),
    Case(
        "token-opaque",
        "token, opaque and durable (theirs: in memory)",
        _all("token-opaque", PROVIDER),
        (PROVIDER,),
        quick=True,
    ),
    Case(
        "token-opaque-new",
        "handshake and token, opaque",
        _all("token-opaque", PROVIDER),
        (PROVIDER,),
        anew=True,
    ),
    Case(
        "introspection",
        "introspection of an active token",
        _all("introspection", PROVIDER),
        (PROVIDER,),
    ),
    Case("accounts", "/accounts, one hot JWT", _ACCOUNTS, (HELLO,), quick=True),
    Case(
        "accounts-new",
        "handshake and /accounts, JWT",
        _ACCOUNTS | _HANDSHAKE,
        (HELLO, NGINX),
        anew=True,
    ),
    Case(
        "accounts-rotating",
        "/accounts, 200 certificates and 2 000 JWTs in rotation",
        {OURS: "accounts-jwt-rotating", HELLO: "hello-rotating"},
        (HELLO,),
        quick=True,
    ),
    Case(
        "accounts-cold",
        "/accounts, 2 000 JWTs, each seen for the first time",
        {OURS: "accounts-jwt-cold", HELLO: "hello-once"},
        (HELLO,),
        until_done=True,
    ),
    Case(
        "accounts-opaque",
        "/accounts, opaque token, introspected",
        _all("accounts-opaque", PROVIDER),
        (PROVIDER,),
    ),
    Case(
        "accounts-opaque-rotating",
        "/accounts, 2 000 opaque tokens in rotation, introspected",
        _all("accounts-opaque-rotating", PROVIDER),
        (PROVIDER,),
    ),
    Case(
        "flow",
        "the code flow: PAR, authorize, token",
        _all("flow", PROVIDER),
        (PROVIDER,),
        quick=True,
    ),
)
