"""The JWK set of the web process: the certificate that it holds now."""

import json
import os
from base64 import b64decode

from jwcrypto.jwk import JWKSet

from client_node.config import Config
from pki import pem
from pki.http.answers import Answer
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from tests.client_node.in_memory.bank import WEB, Bank
from tests.client_node.in_memory.web import Serve

JWKS = "/jwks/tpp-self-signed-jwks-uri"


def fetched(bank: Bank, path: str, origin: str = WEB, method: str = "GET") -> Answer:
    """What a visitor gets."""
    return bank.network.run(bank.identity(None).send(method, f"{origin}{path}"))


def test_the_jwk_set_holds_the_certificate(
    bank: Bank, config: Config, serve: Serve
) -> None:
    """RFC 8705 section 2.2.2: `x5c` has the certificate, in standard base64."""
    serve(config)
    answer = fetched(bank, JWKS)
    assert answer.status == 200
    assert answer.header("content-type") == "application/jwk-set+json"
    (key,) = json.loads(answer.body)["keys"]
    assert b64decode(key["x5c"][0], validate=True) == bank.pki.self_signed.leaf_der
    assert "d" not in key
    (read,) = JWKSet.from_json(answer.body)["keys"]
    assert read.get_op_key("verify") == bank.pki.self_signed.leaf.public_key()


def test_a_rotated_certificate_is_published(
    bank: Bank, config: Config, serve: Serve
) -> None:
    """RFC 8705 section 6.3: from the next request on, without a restart."""
    serve(config)
    before = fetched(bank, JWKS).body
    assert fetched(bank, JWKS).body == before
    renewed = self_signed(
        CLIENT, subject("alone", "Test"), validity(bank.network.clock(), 1)
    )
    path = config.web.jwks_uri_certificate
    incoming = path.with_suffix(".new")
    incoming.write_bytes(pem.certificates_to_pem(renewed.chain))
    incoming.replace(path)
    (key,) = json.loads(fetched(bank, JWKS).body)["keys"]
    assert b64decode(key["x5c"][0]) == renewed.leaf_der


def test_a_file_replaced_in_place_is_noticed(
    bank: Bank, config: Config, serve: Serve
) -> None:
    """The same inode and the same size: its time tells."""
    serve(config)
    path = config.web.jwks_uri_certificate
    fetched(bank, JWKS)
    stat = path.stat()
    path.write_bytes(b"x" * stat.st_size)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert fetched(bank, JWKS).status == 503


def test_a_withdrawn_certificate_is_not_published(
    bank: Bank, config: Config, serve: Serve
) -> None:
    """Who removes the file withdraws it; 503 says to come back."""
    serve(config)
    fetched(bank, JWKS)
    config.web.jwks_uri_certificate.unlink()
    answer = fetched(bank, JWKS)
    assert answer.status == 503
    assert json.loads(answer.body) == {"error": "temporarily_unavailable"}


def test_the_jwk_set_is_served_under_every_name(
    bank: Bank, config: Config, serve: Serve
) -> None:
    """A fetcher of a `jwks_uri` follows no redirects."""
    serve(config)
    assert fetched(bank, JWKS, origin="https://localhost:9446").status == 200
