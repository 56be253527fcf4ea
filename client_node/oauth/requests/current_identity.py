"""A client that goes on being itself when its certificate is renewed."""

from collections.abc import Callable
from pathlib import Path

from client_node.oauth.requests.identity import Identity
from pki.node.changing_file import ChangingFile
from pki.pem import Credential, load_credential


class CurrentIdentity:
    """
    The identity made of the certificate that lies in a file *now*.

    RFC 8705 section 6.3: a renewed certificate is another identity, with other
    connections; tokens bound to the old one are refused with it, and refreshed.
    *identify* makes an identity of a credential. *inform* takes a line for the
    operator.

    Certificate and key are two files, replaced one after the other: until they fit
    each other, and while one cannot be read or be used for TLS, the identity stays the
    one it was.
    """

    def __init__(
        self,
        certificate: Path,
        key: Path,
        identify: Callable[[Credential], Identity],
        inform: Callable[[str], None],
    ) -> None:
        """
        Raises:
            OSError, PemError: there is no certificate and key to begin with.
        """
        self._file = ChangingFile(certificate, lambda path: load_credential(path, key))
        self._identify = identify
        self._inform = inform
        self._identity = identify(self._file.current())
        self._retired: list[Identity] = []

    def current(self) -> Identity:
        """Who the client is from now on."""
        try:
            credential = self._file.current()
            if credential is self._identity.credential:
                return self._identity
            renewed = self._identify(credential)
        except (OSError, ValueError):
            return self._identity
        before, self._identity = self._identity, renewed
        self._retired.append(before)
        self._inform(
            f"certificate renewed: {before.x5t_s256} is now {renewed.x5t_s256}"
        )
        return renewed

    async def close(self) -> None:
        """Close all connections, those of earlier certificates included."""
        for identity in (self._identity, *self._retired):
            await identity.close()
