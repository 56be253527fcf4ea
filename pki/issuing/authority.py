"""
Issue certificates and revocation lists (RFC 5280).

Values in, values out: no file is touched, and the time is an argument, in seconds
since the epoch. Only keys and serial numbers come from the system's randomness.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256

from pki.alternative_names import host_names
from pki.issuing import profiles
from pki.issuing.profiles import Profile
from pki.issuing.validity import Validity, validity
from pki.keys import new_p256_key
from pki.pem import Credential, PrivateKey


@dataclass(frozen=True, slots=True)
class Authority:
    """
    A certificate and the key that signs in its name.

    That the certificate may sign anything is not checked: nothing in mathematics
    keeps a leaf from issuing, and to refuse the result is the verifier's business
    (that is how `rogue-not-a-ca` is made).
    """

    credential: Credential

    @property
    def certificate(self) -> x509.Certificate:
        """The authority's own certificate."""
        return self.credential.leaf

    @property
    def sent_after_leaf(self) -> tuple[x509.Certificate, ...]:
        """What a leaf issued here is sent with: the intermediates, never the root."""
        is_root = self.certificate.issuer == self.certificate.subject
        return () if is_root else self.credential.chain

    def has_issued(self, certificate: x509.Certificate) -> bool:
        """Whether issuer name and signature are this authority's; nothing else."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    @property
    def _key_identifier(self) -> x509.AuthorityKeyIdentifier:
        """RFC 5280 section 4.2.1.1: which of the keys under this name has signed."""
        own = self.certificate.extensions.get_extension_for_class(
            x509.SubjectKeyIdentifier
        )
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value)

    def issue(
        self,
        profile: Profile,
        subject: x509.Name,
        validity: Validity,
        *,
        sans: Iterable[x509.GeneralName] = (),
        key: PrivateKey | None = None,
    ) -> Credential:
        """
        A certificate exactly as told, for *key* or else for a new P-256 key.

        That it outlives its issuer, or that the name is taken, is not checked.
        """
        key = key or new_p256_key()
        certificate = (
            _draft(profile, subject, validity, sans, key)
            .issuer_name(self.certificate.subject)
            .add_extension(self._key_identifier, critical=False)
            .sign(self.credential.private_key, SHA256())
        )
        return Credential((certificate, *self.sent_after_leaf), key)

    def issue_client(
        self,
        subject: x509.Name,
        *,
        now: float,
        days: float = 30,
        sans: Iterable[x509.GeneralName] = (),
        key: PrivateKey | None = None,
    ) -> Credential:
        """A certificate to be a TLS client with; it does not outlive its issuer."""
        until = validity(now, days).ending_with(self.certificate)
        return self.issue(profiles.CLIENT, subject, until, sans=sans, key=key)

    def issue_server(
        self,
        subject: x509.Name,
        names: Iterable[str],
        *,
        now: float,
        days: float = 30,
        key: PrivateKey | None = None,
    ) -> Credential:
        """A certificate to serve TLS under *names*; it does not outlive its issuer."""
        until = validity(now, days).ending_with(self.certificate)
        sans = host_names(names)
        return self.issue(profiles.SERVER, subject, until, sans=sans, key=key)

    def issue_intermediate(
        self, subject: x509.Name, *, now: float, days: float = 365
    ) -> "Authority":
        """An authority below this one that issues to clients."""
        until = validity(now, days).ending_with(self.certificate)
        return Authority(self.issue(profiles.CLIENT_INTERMEDIATE, subject, until))

    def revocation_list(
        self,
        revoked: Mapping[int, datetime],
        *,
        now: float,
        days: float = 60,
        number: int = 1,
    ) -> x509.CertificateRevocationList:
        """
        The CRL of this authority: serial numbers, and since when each is revoked.

        RFC 5280 section 5: a list covers what its issuer issued and nothing else, so
        each authority of a path needs one of its own, an empty one included.
        *number* must grow from list to list (section 5.2.3).
        """
        period = validity(now, days)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(period.not_before)
            .next_update(period.not_after)
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(self._key_identifier, critical=False)
        )
        for serial_number, since in revoked.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder(serial_number, since).build()
            )
        return builder.sign(self.credential.private_key, SHA256())


def client_root(subject: x509.Name, *, now: float, days: float = 365) -> Authority:
    """A new trust anchor for clients."""
    return Authority(self_signed(profiles.CLIENT_ROOT, subject, validity(now, days)))


def server_root(
    subject: x509.Name, names: Iterable[str], *, now: float, days: float = 365
) -> Authority:
    """A new trust anchor for servers, constrained to the host names *names*."""
    profile = profiles.server_root(names)
    return Authority(self_signed(profile, subject, validity(now, days)))


def self_signed(
    profile: Profile,
    subject: x509.Name,
    validity: Validity,
    *,
    sans: Iterable[x509.GeneralName] = (),
    key: PrivateKey | None = None,
) -> Credential:
    """A certificate nobody vouches for but its own holder."""
    key = key or new_p256_key()
    certificate = (
        _draft(profile, subject, validity, sans, key)
        .issuer_name(subject)
        .sign(key, SHA256())
    )
    return Credential((certificate,), key)


def _draft(
    profile: Profile,
    subject: x509.Name,
    validity: Validity,
    sans: Iterable[x509.GeneralName],
    key: PrivateKey,
) -> x509.CertificateBuilder:
    """
    All but the issuer.

    The serial number has 159 random bits (RFC 5280 section 4.1.2.2 wants it unique
    per issuer), so no list of used ones is kept.
    """
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity.not_before)
        .not_valid_after(validity.not_after)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
    )
    for extension, critical in profile.extensions:
        builder = builder.add_extension(extension, critical=critical)
    if names := list(sans):
        builder = builder.add_extension(
            x509.SubjectAlternativeName(names), critical=False
        )
    return builder
