"""Cookies as a browser keeps them: by host, until they are unset, if they are sound."""

import pytest

from scripts.headless.cookies import Cookies, NotACookie

BANK = "https://localhost:9443/authorize"
SOUND = "__Host-session=one; Path=/; Secure; HttpOnly"


def test_they_go_back_to_their_host_alone() -> None:
    """RFC 6265 section 8.5: whatever the port, and nowhere else."""
    cookies = Cookies()
    assert cookies.field(BANK) == ()
    cookies.keep(BANK, [SOUND, "theme=dark"])
    assert cookies.field("https://localhost:9446/") == (
        ("Cookie", "__Host-session=one; theme=dark"),
    )
    assert cookies.field("https://127.0.0.1:9443/") == ()


def test_the_last_value_counts() -> None:
    """RFC 6265 section 5.3; Max-Age=0 takes it away."""
    cookies = Cookies()
    cookies.keep(BANK, [SOUND, SOUND.replace("one", "two")])
    assert cookies.of(BANK) == {"__Host-session": "two"}
    cookies.keep(BANK, [f"{SOUND}; Max-Age=0"])
    assert cookies.field(BANK) == ()


@pytest.mark.parametrize(
    "set_cookie",
    [
        "__Host-session=one; Path=/",
        "__Host-session=one; Secure",
        "__Host-session=one; Path=/bank; Secure",
        "__Host-session=one; Path=/; Secure; Domain=localhost",
    ],
)
def test_a_name_that_promises_more(set_cookie: str) -> None:
    """RFC 6265bis section 4.1.3.2: a browser drops it, so nobody would be signed in."""
    with pytest.raises(NotACookie):
        Cookies().keep(BANK, [set_cookie])
