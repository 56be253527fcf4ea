"""The customers of the bank, as the configuration knows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from as_node.login.password_hash import verify_password_hash
from as_node.login.totp import TotpSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class UserMetadata:
    """
    One customer's table in the configuration; its name is how she signs in.

    *password_hash* is what `python -m as_node.login.password_hash` prints,
    *totp_secret* the base32 that an authenticator app is given. *shown_password* is
    there because this is a test bank: the sign-in page shows it and types it for her,
    and so does the second factor's page with the code of whoever has one.

    Raises:
        ValueError: one line that names the key.
    """

    name: str
    password_hash: str = field(repr=False)
    totp_secret: str = field(repr=False)
    shown_password: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("name: expected a text, found an empty one")
        verify_password_hash(self.password_hash)
        TotpSecret.parse(self.totp_secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A customer; *sub* is her identifier, here and in every token about her."""

    sub: str
    name: str
    password_hash: str = field(repr=False)
    totp_secret: TotpSecret = field(repr=False)
    shown_password: str | None = field(default=None, repr=False)


class Users:
    """The customers: known when the server starts, then only read."""

    def __init__(self, metadata: Mapping[str, UserMetadata]) -> None:
        self._users = {sub: _user(sub, each) for sub, each in metadata.items()}

    def find(self, sub: str) -> User | None:
        """The customer of this identifier; case does not matter in what she types."""
        return self._users.get(sub.strip().lower())

    def shown(self) -> tuple[User, ...]:
        """Those whose passwords the sign-in page shows."""
        return tuple(u for u in self._users.values() if u.shown_password is not None)


def _user(sub: str, metadata: UserMetadata) -> User:
    if not sub or sub != sub.strip().lower():
        raise ValueError(f"users: expected a name in lower case, found {sub!a:.120}")
    return User(
        sub=sub,
        name=metadata.name,
        password_hash=metadata.password_hash,
        totp_secret=TotpSecret.parse(metadata.totp_secret),
        shown_password=metadata.shown_password,
    )
