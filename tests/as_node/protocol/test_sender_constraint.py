"""What a token is bound to: made, written, read and compared in one place."""

from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from as_node.protocol.bearer_token import InvalidToken
from as_node.protocol.errors import InvalidGrant, InvalidRequest
from as_node.protocol.sender_constraint import (
    SenderConstraint,
    constraint_to_issue,
    proved_by,
    read_cnf,
    verify_access_token_sender,
    verify_refresh_token_sender,
)
from pki.http.journal import Journal
from pki.http.messages import Connection, Request
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.peer import PeerCertificate
from tests.as_node.authorizing import ANOTHER_SENDER, SENDER

THUMBPRINT = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"
CREDENTIAL = self_signed(CLIENT, subject("tpp", "TPP"), validity(1_800_000_000, 30))


def request(peer: PeerCertificate | None) -> Request:
    """A request over a connection with this certificate."""
    connection = Connection(1, "127.0.0.1:50000", "TLSv1.3", True, peer)  # noqa: FBT003
    headers = MappingProxyType({"client-cert": (f":{THUMBPRINT}=:",)})
    return Request("POST", "/token", "", headers, b"", connection)


@pytest.mark.parametrize(
    "thumbprint",
    [
        "",
        "None",
        THUMBPRINT[:-1],
        THUMBPRINT + "=",
        THUMBPRINT + "A",
        THUMBPRINT + "\n",
        THUMBPRINT.replace("t", "/"),
        THUMBPRINT.replace("t", "+"),
        THUMBPRINT.replace("t", "é"),
        "0" * 40,
        "0" * 64,
    ],
)
def test_nothing_is_bound_to_nothing(thumbprint: str) -> None:
    """RFC 8705 section 3.1: 43 characters of base64url, or there is no constraint."""
    with pytest.raises(ValueError, match="x5t#S256 must be 43 characters"):
        SenderConstraint(thumbprint)
    with pytest.raises(ValueError, match="x5t#S256 must be 43 characters"):
        read_cnf({"x5t#S256": thumbprint})


def test_it_is_read_back_as_it_was_written() -> None:
    """RFC 7800 section 3.1: by the name of its method, and by nothing else."""
    assert SenderConstraint(THUMBPRINT).cnf() == {"x5t#S256": THUMBPRINT}
    assert read_cnf(SENDER.cnf()) == SENDER
    assert str(SENDER) == SENDER.x5t_s256


@settings(max_examples=60, deadline=None)
@given(
    st.none()
    | st.text()
    | st.lists(st.text())
    | st.dictionaries(st.text(), st.text() | st.none())
    | st.just({**SENDER.cnf(), "jkt": THUMBPRINT})
    | st.just({"x5t#S256": [THUMBPRINT]})
)
def test_no_other_method_is_taken_for_it(cnf: object) -> None:
    """RFC 8705 section 7.2: nor for none at all."""
    with pytest.raises(ValueError, match=r"cnf must have x5t#S256|43 characters"):
        read_cnf(cnf)


@pytest.mark.check("token.certificate-to-bind-to")
def test_what_is_issued_is_bound_to_this_connection() -> None:
    """RFC 8705 section 3: to the certificate of the handshake, to no header's."""
    peer = PeerCertificate(CREDENTIAL.leaf_der)
    assert proved_by(request(None)) is None
    assert proved_by(request(peer)) == SenderConstraint(peer.x5t_s256)
    assert constraint_to_issue(request(peer)).x5t_s256 == peer.x5t_s256
    with pytest.raises(InvalidRequest, match="bound to a certificate"):
        constraint_to_issue(request(None))


@pytest.mark.check("userinfo.same-certificate")
def test_an_access_token_has_one_sender() -> None:
    """RFC 8705 section 3: with the certificate, with another, with none."""
    journal = Journal()
    verify_access_token_sender(SENDER, SENDER, journal)
    (decision,) = journal.decisions
    assert decision.check.name == "userinfo.same-certificate"
    with pytest.raises(InvalidToken, match="another certificate"):
        verify_access_token_sender(SENDER, ANOTHER_SENDER, journal)
    with pytest.raises(InvalidToken, match="no certificate"):
        verify_access_token_sender(SENDER, None, journal)


@pytest.mark.check("refresh-token.same-certificate")
def test_a_bound_refresh_token_has_one_sender() -> None:
    """RFC 8705 section 4: and one that is not bound has its client's authentication."""
    journal = Journal()
    verify_refresh_token_sender(None, ANOTHER_SENDER, journal)
    assert journal.decisions == []
    verify_refresh_token_sender(SENDER, SENDER, journal)
    (decision,) = journal.decisions
    assert decision.check.name == "refresh-token.same-certificate"
    with pytest.raises(InvalidGrant, match="another certificate") as refused:
        verify_refresh_token_sender(SENDER, ANOTHER_SENDER, journal)
    assert refused.value.check == decision.check
