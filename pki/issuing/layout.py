"""Which file of the issued PKI is called what."""

from dataclasses import dataclass
from pathlib import Path

from pki import pem
from pki.pem import Credential


class Refused(Exception):
    """Something was asked that this PKI does not do; the text is one line."""


class NotLaidDown(Refused):
    """There is no PKI yet; what lays it down is for the caller to say."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths under one directory, `pki/issued/` unless configured otherwise."""

    directory: Path

    @property
    def server_roots(self) -> Path:
        """The trust anchors for servers."""
        return self.directory / "server-roots.pem"

    @property
    def client_roots(self) -> Path:
        """The trust anchors for clients."""
        return self.directory / "client-roots.pem"

    @property
    def client_revocation_lists(self) -> Path:
        """A revocation list for each authority of the clients' path, in one file."""
        return self.directory / "client-crls.pem"

    @property
    def authorities(self) -> Path:
        """
        The authorities' certificates and keys.

        A real authority keeps its key in hardware, apart from everything it signs
        for. Here the keys vouch for nothing but this test bed, the server root is
        constrained to loopback names, and `python -m pki client` needs to issue
        after the first day; so they lie here, readable by their owner only.
        """
        return self.directory / "authorities"

    def certificate(self, name: str) -> Path:
        """The certificate of *name*, followed by the intermediates."""
        return self.directory / f"{name}.pem"

    def key(self, name: str) -> Path:
        """The private key of *name*."""
        return self.directory / f"{name}-key.pem"

    def signing_key(self, name: str) -> Path:
        """The private key that *name* signs JWTs with, if it does."""
        return self.directory / f"{name}-jwt-key.pem"

    def jwk_set(self, name: str) -> Path:
        """
        The JWK set of *name*, if it registers one.

        It holds the certificate, if that is self-signed, or the public half of
        `signing_key`.
        """
        return self.directory / f"{name}.jwks.json"

    def existing_certificate(self, name: str) -> Path:
        """
        The certificate of *name*, which is there.

        Raises:
            Refused: it is not; nor is one elsewhere, for a name is no path.
        """
        path = self.certificate(name)
        if path.parent != self.directory or not path.exists():
            raise Refused(f"{name}: no such certificate in {self.directory}")
        return path

    def load(self, name: str) -> Credential:
        """
        The credential of *name*.

        Raises:
            PemError: it is missing or unreadable.
        """
        return pem.load_credential(self.certificate(name), self.key(name))

    def write(self, name: str, credential: Credential) -> None:
        """
        Lay down the credential of *name*, the key first.

        Raises:
            FileExistsError: there is one already; nothing is overwritten.
        """
        pem.write_new(self.key(name), pem.private_key_to_pem(credential.private_key))
        chain = pem.certificates_to_pem(credential.chain)
        pem.write_new(self.certificate(name), chain, mode=0o644)
