"""The thumbprint comparison: RFC 8705 section 3 as it is seen in a terminal."""

import pytest

from scripts.telling.thumbprints import find_comparison, marks
from tests.scripts.telling.narrating import binding, decision, exchange, step, told

HERE = "yZaMgdt1fd5YV0fybjkR4e8H13_lbpK1KGrs3n8Ay_o"
OTHER = "yZaMgdt1fd5YV0fybjkR4e8H13_lbpK1KGrs3n8Ay-O"
WRONG = "c9968c81db757dde585747f26e3911e1ef07d77fe56e92b5286aecde7f00cbfa"


def test_each_character_that_differs_is_marked() -> None:
    """Base64url tells cases apart; what only one of them has differs."""
    assert marks("abCd", "abcd") == "··^·"
    assert marks("ab", "abcd") == "··^^"
    assert marks("abcd", "") == "^^^^"
    assert marks("", "") == ""


def test_a_match_says_of_how_many_characters() -> None:
    """RFC 8705 section 3: the token's above the connection's, both with a holder."""
    bound = exchange("client", HERE, binding(HERE, HERE))
    lines = told(lambda n: n.step("1.1", step(bound)), 80)
    at = lines.index(f"            token  {HERE}  client")
    assert lines[at + 1] == f"            TLS    {HERE}  client"
    assert lines[at + 2] == "                   = all 43 characters"


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_mismatch_is_marked_below_the_characters(width: int) -> None:
    """RFC 8705 section 3: the victim's above the thief's, and what differs."""
    honest = exchange("victim", OTHER, binding(OTHER, OTHER))
    stolen = exchange("other-tpp", HERE, binding(OTHER, HERE, "bound to another"))
    lines = told(lambda n: n.step("1.1", step(honest, stolen)), width)
    at = lines.index(f"            TLS    {HERE}  other-tpp")
    assert lines[at - 1] == f"            token  {OTHER}  victim"
    assert lines[at + 1] == f"                   {'·' * 41}^^"
    assert lines[at + 2] == "                   2 of 43 characters differ"


def test_a_holder_that_has_no_room_beside_stands_below() -> None:
    """A thumbprint is never cut for a name."""
    holder = "a holder with a long name"
    bound = exchange(holder, HERE, binding(HERE, HERE))
    lines = told(lambda n: n.step("1.1", step(bound)), 80)
    at = lines.index(f"            token  {HERE}")
    assert lines[at + 1] == f"                   {holder}"


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_known_mistake_is_named_and_compared(width: int) -> None:
    """RFC 8705 section 3.1: beside the thumbprint of the connection's certificate."""
    refused = decision(
        "43 base64url characters",
        WRONG,
        "x5t#S256 is not 43 base64url characters: it is the SHA-256 thumbprint in hex "
        "of this very certificate",
        "RFC 8705 section 3.1",
    )
    wrong = exchange("client", HERE, refused)
    lines = told(lambda n: n.step("1.1", step(wrong)), width)
    text = "\n".join(lines)
    assert f"TLS    {HERE}  client" in text
    assert "64 characters, not 43" in text
    assert "it is the SHA-256 thumbprint in hex of client's certificate" in text
    assert "of this very certificate" not in text
    values = [line[19:] for line in lines if line.startswith("            token  ")]
    under = [line[19:] for line in lines if set(line[19:]) <= set("^·") and line[19:]]
    assert "".join(values) == WRONG
    assert "".join(under) == marks(WRONG, HERE)


def test_an_unusual_value_in_cnf_is_compared_harmlessly() -> None:
    """However long and of whatever characters, one column each."""
    value = "漢\x1b[2J" + "x" * 900
    refused = decision(
        "43 base64url characters", value, "no thumbprint", "RFC 8705 section 3.1"
    )
    lines = told(lambda n: n.step("1.1", step(exchange("client", HERE, refused))), 80)
    text = "\n".join(lines)
    assert r"token  \u6f22\x1b[2Jxxx" in text
    assert "\x1b" not in text
    assert len(lines) < 40


def test_only_a_binding_is_a_comparison() -> None:
    """A PKCE challenge has 43 characters too, and is bound to nobody."""
    challenge = decision(HERE, HERE, "the verifier", "RFC 7636 section 4.6")
    assert find_comparison(challenge, HERE) is None
    assert find_comparison(binding("a certificate", "no certificate"), "") is None
    registered = decision(HERE, HERE, "registered", "RFC 8705 section 2.2")
    found = find_comparison(registered, HERE)
    assert found is not None
    assert (found.first_label, found.here_label) == ("known", "TLS")


def test_a_refusal_without_a_certificate_says_so() -> None:
    """There is nothing to compare with."""
    refused = decision(
        "43 base64url characters", WRONG, "no thumbprint", "RFC 8705 section 3.1"
    )
    assert find_comparison(refused, "") is None


def test_a_token_is_shown_with_the_certificate_it_is_bound_to() -> None:
    """RFC 8705 section 3: where it is issued there is nothing to compare yet."""
    issued = binding("x5t#S256 of this connection", HERE, "the access token is bound")
    lines = told(lambda n: n.step("1.1", step(exchange("client", HERE, issued))))
    assert f"            cnf    {HERE}  client" in lines


def test_expected_and_came_are_compared_if_they_are_thumbprints() -> None:
    """A thumbprint that was worked out, beside the one in the token."""
    right = step(exchange("client", HERE), expected=HERE, came=HERE)
    lines = told(lambda n: n.step("1.1", right))
    at = lines.index(f"    ✓ came      {HERE}  client")
    assert lines[at - 1] == f"      expected  {HERE}  client"
    assert lines[at + 1] == "                = all 43 characters"
    wrong = step(exchange("client", HERE), expected=HERE, came=OTHER)
    lines = told(lambda n: n.step("1.1", wrong))
    assert f"    ✗ came      {OTHER}" in lines
    assert f"                {'·' * 41}^^" in lines
