"""
A subject as software writes it that follows RFC 4514 section 2.4 to the letter.

"If the AttributeType is of the dotted-decimal form", the value is `#` and the hex of
its BER. Java's `X500Principal` does so, and with it Keycloak and Spring Authorization
Server, which compare texts: `2.5.4.97=PSDGB-FCA-900001` is another name to them.
"""

from cryptography import x509

from pki.der import elements


def subject_in_hex(subject: x509.Name) -> str:
    """*subject* as an RFC 4514 string, each type without a short name in hex."""
    rdns = ("+".join(map(_written, rdn)) for rdn in reversed(subject.rdns))
    return ",".join(rdns)


def _written(attribute: x509.NameAttribute[str | bytes]) -> str:
    name = attribute.rfc4514_attribute_name
    if "." not in name:
        return attribute.rfc4514_string()
    (whole,) = elements(x509.Name([attribute]).public_bytes())
    (rdn,) = whole.elements()
    (type_and_value,) = rdn.elements()
    _, value = type_and_value.elements()
    return f"{name}=#{value.whole.hex()}"
