"""
Who gets a certificate in this deployment: the servers and the clients.

A client's name here is its file name under `pki/issued/` and its identifier at the
authorization server. How it is recognised there is in `as_node`'s configuration.
"""

from dataclasses import dataclass
from ipaddress import ip_address

from cryptography import x509

from pki.issuing.profiles import subject

BANK = "Example Bank plc"

SERVERS = ("as", "rs", "client-web", "walkthrough")
"""The three nodes' and the observer's."""

_OWNERS = {"client-web": "Example Banking Client Ltd", "walkthrough": "Test bed"}


def server_subject(name: str) -> x509.Name:
    """Servers are known by their subjectAltName; the subject is for people."""
    return subject(name, _OWNERS.get(name, BANK))


@dataclass(frozen=True, slots=True)
class Client:
    """
    A client, and what its certificate says about it.

    One that *signs_jwts* has a second key, with nothing to do with its certificate.
    """

    name: str
    subject: x509.Name
    sans: tuple[x509.GeneralName, ...] = ()
    self_signed: bool = False
    rsa: bool = False
    signs_jwts: bool = False

    @property
    def registers_jwk_set(self) -> bool:
        """Whether it is known by something that a JWK set says."""
        return self.self_signed or self.signs_jwts


BANKING_CLIENT = Client(
    "banking-client",
    subject("banking-client", "Example Banking Client Ltd", "PSDGB-FCA-900001"),
)

OTHER_TPP = Client(
    "other-tpp",
    # Companies do have commas in their names; RFC 4514 has to escape them.
    subject("other-tpp", "Other TPP, Ltd.", "PSDGB-FCA-900002"),
)

CLIENTS = (
    BANKING_CLIENT,
    OTHER_TPP,
    Client(
        "tpp-san-dns",
        subject("tpp-san-dns", "DNS Name TPP Ltd", "PSDGB-FCA-900003"),
        sans=(x509.DNSName("tpp-san-dns.example.com"),),
    ),
    Client(
        "tpp-san-uri",
        subject("tpp-san-uri", "URI TPP Ltd", "PSDGB-FCA-900004"),
        sans=(x509.UniformResourceIdentifier("spiffe://example.com/tpp-san-uri"),),
    ),
    Client(
        "tpp-san-ip",
        subject("tpp-san-ip", "IP Address TPP Ltd", "PSDGB-FCA-900005"),
        sans=(x509.IPAddress(ip_address("2001:db8::7")),),
    ),
    Client(
        "tpp-san-email",
        subject("tpp-san-email", "E-mail TPP Ltd", "PSDGB-FCA-900006"),
        sans=(x509.RFC822Name("tpp-san-email@example.com"),),
    ),
    Client(
        "tpp-self-signed",
        subject("tpp-self-signed", "Self-signed TPP Ltd", "PSDGB-FCA-900007"),
        self_signed=True,
    ),
    Client(
        "tpp-self-signed-jwks-uri",
        subject("tpp-self-signed-jwks-uri", "By Reference TPP Ltd", "PSDGB-FCA-900008"),
        self_signed=True,
    ),
    Client("accounts-rs", subject("accounts-rs", BANK)),
    Client(
        "tpp-opaque",
        subject("tpp-opaque", "Opaque Token TPP Ltd", "PSDGB-FCA-900009"),
        rsa=True,  # the one RSA key, so that both kinds are met on every connection
    ),
    Client(
        "tpp-private-key-jwt",
        subject("tpp-private-key-jwt", "Private Key TPP Ltd", "PSDGB-FCA-900010"),
        signs_jwts=True,
    ),
    # The authorization server, when it asks the resource server about consents.
    Client("as-backchannel", subject("as-backchannel", BANK)),
)
