"""
How a client with a certificate of ours registers with the authorization server.

The one place in this package that knows metadata names of OAuth (RFC 7591
section 2, RFC 8705 sections 2.1.2, 2.2 and 3.4): whoever asks for a certificate
wants to use it next, and what he registers must be, letter by letter, what the
certificate says. It prints a text and decides nothing.
"""

import json
import os
from pathlib import Path

from cryptography import x509

from pki.alternative_names import find_sans
from pki.issuing.hex_subject import subject_in_hex
from pki.issuing.layout import Layout

_SUBJECT_DN = "tls_client_auth_subject_dn"

_SAN_PARAMETERS: dict[type[x509.GeneralName], str] = {
    x509.DNSName: "tls_client_auth_san_dns",
    x509.UniformResourceIdentifier: "tls_client_auth_san_uri",
    x509.IPAddress: "tls_client_auth_san_ip",
    x509.RFC822Name: "tls_client_auth_san_email",
}

_SHIPPED_AS_FOLDER = Path(__file__).resolve().parents[2] / "as_node"


def as_folder(pki_configuration: Path) -> Path:
    """
    Where the authorization server's configuration lies, to which the paths in it are
    relative: beside that of this PKI, or where it is shipped.
    """
    beside = pki_configuration.resolve().parent
    return beside if (beside / "as.toml").exists() else _SHIPPED_AS_FOLDER


def registration_table(
    layout: Layout, name: str, leaf: x509.Certificate, folder: Path
) -> str:
    """The TOML table to paste into the authorization server's as.toml in *folder*."""
    metadata = {
        **_authentication(layout, name, leaf, folder),
        "grant_types": ["client_credentials"],
        "scope": "accounts",
        "tls_client_certificate_bound_access_tokens": True,
        "access_token_format": "jwt",
    }
    # JSON's strings, booleans and arrays of strings are TOML's as well.
    lines = [f"{key} = {json.dumps(value)}" for key, value in metadata.items()]
    if _SUBJECT_DN in metadata:
        lines += _for_software_of_java(leaf)
    return "\n".join([f"[clients.{name}]", *lines])


def _authentication(
    layout: Layout, name: str, leaf: x509.Certificate, folder: Path
) -> dict[str, str]:
    if leaf.issuer == leaf.subject:
        registered = os.path.relpath(layout.jwk_set(name).resolve(), folder)
        return {
            "token_endpoint_auth_method": "self_signed_tls_client_auth",
            "jwks_file": registered,
        }
    return {"token_endpoint_auth_method": "tls_client_auth", **_identification(leaf)}


def _identification(leaf: x509.Certificate) -> dict[str, str]:
    """RFC 8705 section 2.1.2: exactly one of the five parameters."""
    for san in find_sans(leaf):
        return {_SAN_PARAMETERS[type(san)]: str(san.value)}
    # Not as `pki.names` writes it: other authorization servers are to read it, and of
    # the names of types RFC 4514 section 3 promises them only nine.
    return {_SUBJECT_DN: leaf.subject.rfc4514_string()}


def _for_software_of_java(leaf: x509.Certificate) -> list[str]:
    """The subject once more, in a comment, where that writes it in another way."""
    in_hex = subject_in_hex(leaf.subject)
    if in_hex == leaf.subject.rfc4514_string():
        return []
    return [
        "# The same subject for Keycloak and Spring (RFC 4514 section 2.4, in hex):",
        f"# {_SUBJECT_DN} = {json.dumps(in_hex)}",
    ]
