"""The contenders beside ours, and which of them a run wants."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack

from scripts.bench.cases import (
    AUTHLIB,
    HELLO,
    KEYCLOAK,
    NGINX,
    PROVIDER,
    S_SERVER,
    Case,
)
from scripts.bench.contenders import (
    authlib_gunicorn,
    hello,
    keycloak,
    nginx,
    oidc_provider,
    s_server,
)
from scripts.bench.contenders.contender import Running
from scripts.bench.contenders.site import Site

Kinds = Mapping[str, Callable[[Site, ExitStack], Running]]
"""How each is started, by its name."""

CONTENDERS: Kinds = {
    HELLO: hello.start,
    NGINX: nginx.start,
    S_SERVER: s_server.start,
    PROVIDER: oidc_provider.start,
    AUTHLIB: authlib_gunicorn.start,
    KEYCLOAK: keycloak.start,
}

_QUICK = (HELLO, NGINX, S_SERVER, PROVIDER)
"""Those whose start takes no more than seconds."""


def wanted(
    cases: Sequence[Case], named: Collection[str] | None, *, quick: bool
) -> Kinds:
    """Those that take part in *cases*; of them those that are *named*, if any are."""
    among = named or (_QUICK if quick else CONTENDERS)
    return {
        name: start
        for name, start in CONTENDERS.items()
        if name in among and any(name in case.works for case in cases)
    }
