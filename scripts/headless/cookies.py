"""The cookies a browser keeps: RFC 6265."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pki.http.messages import Fields


class NotACookie(Exception):
    """What a browser does not keep, because its name promises more than it does."""


@dataclass
class Cookies:
    """Kept by host name, for they ignore ports (section 8.5); neither is the path."""

    by_host: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, url: str) -> dict[str, str]:
        """Those that go with a request to *url*, to be read and changed."""
        return self.by_host.setdefault(urlsplit(url).hostname or "", {})

    def field(self, url: str) -> Fields:
        """The header field for a request to *url*, if there is one."""
        pairs = [f"{name}={value}" for name, value in self.of(url).items()]
        return (("Cookie", "; ".join(pairs)),) if pairs else ()

    def keep(self, url: str, set_cookies: Iterable[str]) -> None:
        """
        Take what an answer from *url* sets, or unsets.

        Raises:
            NotACookie: it is called `__Host-`, and a browser would drop it.
        """
        for set_cookie in set_cookies:
            _keep(self.of(url), set_cookie)


def _keep(kept: dict[str, str], set_cookie: str) -> None:
    pair, *attributes = (part.strip() for part in set_cookie.split(";"))
    name, _, value = pair.partition("=")
    said = {each.partition("=")[0].lower(): each for each in attributes}
    if name.startswith("__Host-") and not _is_of_the_host(said):
        raise NotACookie(set_cookie)
    if said.get("max-age") == "Max-Age=0":
        kept.pop(name, None)
    else:
        kept[name] = value


def _is_of_the_host(said: dict[str, str]) -> bool:
    """RFC 6265bis section 4.1.3.2."""
    return "secure" in said and said.get("path") == "Path=/" and "domain" not in said
