"""Every name that our own messages can show is explained in a line."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwcrypto.jwk import JWK

from as_node.endpoints.metadata import (
    AUTHENTICATION_METHODS,
    authorization_server_metadata,
)
from scripts.walkthrough.explanations.glossary import GLOSSARY, WHO_IS_WHO
from tests.as_node.pushing import authorization_request

CHECKOUT = Path(__file__).parents[4]
FILE = CHECKOUT / "scripts/walkthrough/explanations/glossary.toml"
TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))

MESSAGES = (
    "as_node/authorization/response.py",
    "as_node/consent/backchannel.py",
    "as_node/protocol/errors.py",
    "as_node/tokens/id_token.py",
    "as_node/endpoints/introspection.py",
    "as_node/tokens/jwt_signing.py",
    "as_node/endpoints/par.py",
    "as_node/tokens/signing_keys.py",
    "as_node/tokens/claims.py",
    "as_node/tokens/status_claim.py",
    "as_node/tokens/status_lists.py",
    "as_node/endpoints/token.py",
    "as_node/endpoints/userinfo.py",
    "client_node/oauth/token/client_assertion.py",
    "client_node/web/journey/connecting.py",
    "client_node/open_banking/consent_request.py",
    "client_node/oauth/token/introspection_request.py",
    "client_node/oauth/authorization/pushed_authorization_request.py",
    "client_node/oauth/token/revocation_request.py",
    "client_node/oauth/token/token_request.py",
    "rs_node/bank_data/corporate_accounts.py",
    "rs_node/authorization_server/requests.py",
    "rs_node/backchannel/endpoint.py",
    "rs_node/access/challenges.py",
    "rs_node/corporate_endpoint.py",
    "rs_node/open_banking/account_json.py",
    "rs_node/open_banking/accounts_endpoint.py",
    "rs_node/open_banking/envelope.py",
    "rs_node/open_banking/consents_endpoint.py",
    "rs_node/open_banking/transaction_json.py",
    "rs_node/open_banking/transaction_query.py",
    "rs_node/open_banking/transactions_endpoint.py",
    "rs_node/resource_metadata.py",
)
"""Where the members and parameters of messages are written down."""


@cache
def parsed(package: str) -> tuple[ast.Module, ...]:
    """Every file of a package."""
    paths = sorted((CHECKOUT / package).rglob("*.py"))
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in paths)


def members(path: str) -> set[str]:
    """The keys of the dictionaries in a file; what is all capitals is a code."""
    tree = ast.parse((CHECKOUT / path).read_text(encoding="utf-8"))
    keys = {
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    return {key for key in keys if not key.isupper()}


def names_in(document: object) -> Iterator[str]:
    """Every member of a JSON document."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield name
            yield from names_in(value)


def parameters_read(package: str) -> set[str]:
    """What our server looks for in a form: `parameters.get("…")`, `require(…)`."""
    found = set()
    calls = (
        node
        for tree in parsed(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    )
    for call in calls:
        called = ast.unparse(call.func)
        if called in {"parameters.get", "require"}:
            name = call.args[0 if called == "parameters.get" else 1]
            if isinstance(name, ast.Constant):
                found.add(str(name.value))
    return found


def header_fields() -> set[str]:
    """What is written like the name of a header field, in lower case."""
    written = re.compile(r"[A-Z][A-Za-z]*(-[A-Z][a-z]+)+|x-[a-z]+(-[a-z]+)+")
    return {
        node.value.lower()
        for package in ("pki", "as_node", "rs_node", "client_node")
        for tree in parsed(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if written.fullmatch(node.value)
    }


def test_the_members_of_our_messages_are_explained() -> None:
    """A class asks "what is nbf?", and the answer is under the cursor."""
    written = {path: members(path) for path in MESSAGES}
    assert [path for path, names in written.items() if not names] == []
    missing = {path: names - GLOSSARY.keys() for path, names in written.items()}
    assert {path: names for path, names in missing.items() if names} == {}


def test_the_metadata_of_the_authorization_server_are_explained() -> None:
    """RFC 8414 section 2, RFC 8705 section 3.3 and 5, OpenID Connect Discovery."""
    document = authorization_server_metadata(
        issuer="https://localhost:9443",
        mtls_base_url="https://localhost:9444",
        scopes_supported=["accounts"],
        grant_types_supported=["client_credentials"],
    )
    assert set(names_in(document)) - GLOSSARY.keys() == set()
    assert {f"{each}_auth_methods_supported" for each in AUTHENTICATION_METHODS} <= (
        GLOSSARY.keys()
    )


def test_the_parameters_of_authorization_requests_are_explained() -> None:
    """RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1."""
    asked = {*authorization_request(), "response_mode", "prompt", "max_age"}
    assert {*asked, "acr_values"} - GLOSSARY.keys() == set()


def test_the_parameters_our_server_reads_are_explained() -> None:
    """What has a meaning to the server has one for the reader."""
    read = parameters_read("as_node")
    assert {"grant_type", "code_verifier", "token"} <= read
    assert read - GLOSSARY.keys() == set()


def test_the_members_of_a_jwk_are_explained() -> None:
    """RFC 7517 section 4, with a certificate as RFC 8705 section 2.2.2 has it."""
    made = (
        ec.generate_private_key(ec.SECP256R1()),
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
    )
    keys = [
        JWK.from_pyca(each.public_key()).export_public(as_dict=True) for each in made
    ]
    document = {"keys": keys, "use": "sig", "alg": "ES256", "kid": "1", "x5c": []}
    names = {*names_in(document), *(name for key in keys for name in key)}
    assert names - GLOSSARY.keys() == set()


def test_header_fields_are_explained() -> None:
    """In lower case, however they are written."""
    fields = header_fields()
    assert {"www-authenticate", "x-fapi-interaction-id"} <= fields
    assert fields - GLOSSARY.keys() == set()


def test_a_name_is_explained_once_and_in_a_line() -> None:
    """Two tables could say two things; there is room for one line, a sentence."""
    names = Counter(name for table in TABLES.values() for name in table)
    odd = {
        name
        for name, text in GLOSSARY.items()
        if len(text) > 110 or not text.endswith(".") or text != text.strip()
    }
    odd.update(name for name, times in names.items() if times > 1)
    # Header fields are looked up in lower case.
    odd.update(name for name in TABLES["header_fields"] if name != name.lower())
    assert odd == set()


def test_who_is_who_is_said_in_plain_sentences() -> None:
    """What a reader of the page meets first; and it is no name on the wire."""
    assert {"client", "access token", "TPP", "public client", "twin"} <= (
        WHO_IS_WHO.keys()
    )
    assert all(text.endswith(".") and len(text) < 240 for text in WHO_IS_WHO.values())
    assert WHO_IS_WHO.keys() & GLOSSARY.keys() == set()
