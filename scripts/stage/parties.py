"""Who takes part in the demo, and whose certificate is whose."""

from pki.issuing.layout import Layout
from scripts.walkthrough.certificates.facts import facts_of
from scripts.walkthrough.story.story import Certificate, Party

_ROLES = {
    "as": "the authorization server",
    "rs": "the resource server: the bank's API",
    "banking-client": "a client, known by the subject of its certificate",
    "tpp-san-dns": "a client, known by a DNS name in its certificate",
    "tpp-san-uri": "a client, known by a URI in its certificate",
    "tpp-san-ip": "a client, known by an IP address in its certificate",
    "tpp-san-email": "a client, known by an e-mail address in its certificate",
    "tpp-self-signed": "a client, known by its self-signed certificate",
    "tpp-self-signed-jwks-uri": "another, whose certificate is found at its jwks_uri",
    "tpp-private-key-jwt": "a client, known by the assertions that it signs",
    "tpp-opaque": "a client whose access tokens are opaque",
    "accounts-rs": "the resource server, when it asks the authorization server",
    "as-backchannel": "the authorization server, when it asks the resource server",
    "other-tpp": "a client with a perfectly good certificate: the thief",
}


def parties(layout: Layout) -> tuple[Party, ...]:
    """Those that the story presents before it begins."""
    return tuple(
        Party(name, role, facts_of(name, layout.load(name).leaf))
        for name, role in _ROLES.items()
    )


def holders(layout: Layout) -> dict[str, str]:
    """The holder of every certificate laid down, rogues too, by its x5t#S256."""
    everybody = (_facts(layout, name) for name in _names(layout))
    return {facts.x5t_s256: facts.holder for facts in everybody}


def _facts(layout: Layout, name: str) -> Certificate:
    return facts_of(name, layout.load(name).leaf)


def _names(layout: Layout) -> list[str]:
    keys = sorted(layout.directory.glob("*-key.pem"))
    names = [key.name.removesuffix("-key.pem") for key in keys]
    return [name for name in names if layout.certificate(name).exists()]
