"""
With which files curl presents what a client has presented.

A certificate that lies in no file can still be had, if its holder is no matter of its
key: one of the same name from the same CA, or one that is signed by itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pki import pem
from pki.issuing.layout import Layout
from scripts.walkthrough.certificates.facts import facts_of
from scripts.walkthrough.curl.shell import Place, can_be_pasted, in_lines
from scripts.walkthrough.story.story import Certificate, Handshake

MAKE_FOLDER = "DIR=$(mktemp -d)"

_NAME = re.compile(r"[a-z0-9-]+")
_AUTHORITY = "client-intermediate"
_EXTENSIONS = (
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    "extendedKeyUsage=clientAuth",
)


@dataclass(frozen=True, slots=True)
class Presented:
    """
    How curl presents a certificate: *setup* are lines to run first, *words* options.

    *own_making* says that it is another certificate than the recorded one, which
    nobody but its holder has signed.
    """

    setup: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    own_making: bool = False


def find_presented(handshake: Handshake, place: Place) -> Presented | None:
    """How to present what was presented; `None` if there is no way."""
    certificate = handshake.client_certificate
    if certificate is None:
        return Presented()
    chain = _chain_on_file(certificate, place.issued)
    if chain:
        return _from_files(chain, handshake.client_sent_after, place)
    if certificate.issuer == certificate.subject:
        return _of_own_making(certificate)
    return _renewed(certificate, place)


def _chain_on_file(certificate: Certificate, issued: Layout) -> list[Certificate]:
    """The certificates of its holder's file, if it is the first of them."""
    if not _NAME.fullmatch(certificate.holder):
        return []
    chain = _chain(issued.certificate(certificate.holder), certificate.holder)
    return chain if chain and chain[0].x5t_s256 == certificate.x5t_s256 else []


def _chain(path: Path, name: str) -> list[Certificate]:
    try:
        return [facts_of(name, each) for each in pem.load_certificates(path)]
    except pem.PemError:
        return []


def _from_files(
    chain: Sequence[Certificate], sent_after: Sequence[Certificate], place: Place
) -> Presented:
    issued, holder = place.issued, chain[0].holder
    file, key = place.word(issued.certificate(holder)), place.word(issued.key(holder))
    sent = [each.x5t_s256 for each in sent_after]
    own = [each.x5t_s256 for each in chain[1:]]
    behind = [
        f"openssl x509 -in {place.word(issued.certificate(each.holder))}"
        for each in sent_after[len(own) :]
        if _chain_on_file(each, issued)
    ]
    if behind and sent[: len(own)] == own:
        # Certificates are public: anybody can send another's along behind his own.
        file = f"<(cat {file}; {'; '.join(behind)})"
    return Presented(words=(f"--cert {file} --key {key}",))


def _of_own_making(certificate: Certificate) -> Presented | None:
    """A self-signed certificate of the same name."""
    names = [part.split("=", 1) for part in certificate.subject.split(",")]
    if not can_be_pasted(certificate.subject) or not all(map(_is_plain, names)):
        return None
    subject = "".join(f"/{kind}={value}" for kind, value in reversed(names))
    key, file = _made(certificate)
    make = in_lines(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes",
        f"-subj '{subject}' -days 1 -keyout {key} -out {file} 2>/dev/null",
    )
    words = (f"--cert {file} --key {key}",)
    return Presented((MAKE_FOLDER, make), words, own_making=True)


def _is_plain(attribute: list[str]) -> bool:
    return len(attribute) == len(("type", "value")) and all(
        re.fullmatch(r"[A-Za-z0-9 .:_-]+", each) for each in attribute
    )


def _renewed(certificate: Certificate, place: Place) -> Presented | None:
    """A new certificate for a name that has one already, by the same CA."""
    holder = next(_same_name(certificate, place.issued), None)
    if holder is None:
        return None
    authorities = place.issued.authorities
    issuer = place.word(authorities / f"{_AUTHORITY}.pem")
    issuer_key = place.word(authorities / f"{_AUTHORITY}-key.pem")
    old = place.word(place.issued.certificate(holder))
    key, file = _made(certificate)
    extensions = "\\n".join(_EXTENSIONS)
    return Presented(
        setup=(
            MAKE_FOLDER,
            f"openssl ecparam -name prime256v1 -genkey -noout -out {key}",
            in_lines(
                f"openssl x509 -x509toreq -in {old} -signkey {key} |",
                "openssl x509 -req -days 1 -set_serial 0x$(openssl rand -hex 16)",
                f"-CA {issuer} -CAkey {issuer_key}",
                f"-extfile <(printf '{extensions}') -out {file} 2>/dev/null",
            ),
            f"cat {issuer} >> {file}",
        ),
        words=(f"--cert {file} --key {key}",),
    )


def _same_name(certificate: Certificate, issued: Layout) -> Iterator[str]:
    """Who has a certificate of this subject and this issuer."""
    for path in sorted(issued.directory.glob("*-key.pem")):
        name = path.name.removesuffix("-key.pem")
        for leaf in _chain(issued.certificate(name), name)[:1]:
            if (leaf.subject, leaf.issuer) == (certificate.subject, certificate.issuer):
                yield name


def _made(certificate: Certificate) -> tuple[str, str]:
    """The files of a made key and certificate."""
    name = f"$DIR/{certificate.x5t_s256[:8]}"
    return f'"{name}-key.pem"', f'"{name}.pem"'
