"""A certificate in words, from its DER: any that a peer can present."""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from pki.alternative_names import find_sans
from pki.malformed import UNREADABLE
from pki.observability.recording import der_to_record
from pki.thumbprint import x5t_s256
from scripts.walkthrough.certificates.extensions import purposes
from scripts.walkthrough.certificates.fields import (
    certificate_fields,
    key_kind,
    not_readable,
    readable,
)
from scripts.walkthrough.story.story import Certificate

Holders = Mapping[str, str]
"""The name of the holder of each known certificate, by its x5t#S256."""

_LONGEST_NAME = 28  # characters


def certificate_facts(recorded: str, holders: Holders) -> Certificate:
    """
    What a certificate says; *recorded* is its DER in standard base64.

    The holder of one that *holders* does not know is what it says of itself, marked
    as nothing but that.
    """
    facts = _facts(recorded)
    return replace(facts, holder=holders.get(facts.x5t_s256, facts.holder))


def facts_of(name: str, certificate: x509.Certificate) -> Certificate:
    """The facts of a party's own certificate."""
    der = certificate.public_bytes(Encoding.DER)
    return certificate_facts(der_to_record(der), {x5t_s256(der): name})


@lru_cache(maxsize=256)  # the same few certificates again and again
def _facts(recorded: str) -> Certificate:
    der = b64decode(recorded)
    try:
        certificate = x509.load_der_x509_certificate(der)
    except UNREADABLE as error:
        return _unreadable(recorded, der, error)
    fields = tuple(certificate_fields(certificate))
    named = dict(fields)
    return Certificate(
        holder=_described(certificate),
        subject=named["subject"],
        issuer=named["issuer"],
        not_before=named["not before"],
        not_after=named["not after"],
        key=readable(partial(key_kind, certificate)),
        usage=readable(partial(_usage, certificate)),
        alternative_names=tuple(_alternative_names(certificate)),
        x5t_s256=x5t_s256(der),
        der=recorded,
        fields=fields,
    )


def _unreadable(recorded: str, der: bytes, error: Exception) -> Certificate:
    reason = not_readable(error)
    return Certificate(
        holder="an unreadable certificate",
        subject=reason,
        issuer="",
        not_before="",
        not_after="",
        key="",
        usage="",
        alternative_names=(),
        x5t_s256=x5t_s256(der),
        der=recorded,
        fields=(("certificate", reason), ("size", f"{len(der)} bytes")),
    )


def _described(certificate: x509.Certificate) -> str:
    """What a certificate nobody here knows says of itself, and what it is."""
    name = readable(partial(_common_name, certificate))
    try:
        if _is_ca(certificate):
            return f"{name}, a CA"
        if _is_self_signed(certificate):
            return f"{name}, self-signed"
    except (*UNREADABLE, UnsupportedAlgorithm):
        pass
    return f"{name}, not on file"


def _common_name(certificate: x509.Certificate) -> str:
    attributes = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not attributes:
        return "no common name"
    text = str(attributes[0].value)
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    if len(shown) > _LONGEST_NAME:
        shown = f"{shown[: _LONGEST_NAME - 1]}…"
    return f"“{shown}”"


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(
            x509.BasicConstraints
        ).value.ca
    except x509.ExtensionNotFound:
        return False


def _is_self_signed(certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(certificate)
    except InvalidSignature:
        return False
    except ValueError:  # issuer and subject differ
        return False
    return True


def _usage(certificate: x509.Certificate) -> str:
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return ""
    return purposes(usages.value)


def _alternative_names(certificate: x509.Certificate) -> Iterable[str]:
    try:
        return [str(name.value) for name in find_sans(certificate)]
    except UNREADABLE:
        return ()  # the field by field view says why
