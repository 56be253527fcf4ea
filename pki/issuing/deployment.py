"""
Lay down the certificates of the whole deployment, completely or not at all.

What a person or a script calls: `ensure` issues only for a reason, `renew` because
somebody asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pki import pem
from pki.issuing.ageing import find_reason
from pki.issuing.config import Config
from pki.issuing.credentials import credentials
from pki.issuing.hierarchy import Authorities, kept_or_new, write_authorities
from pki.issuing.layout import Layout, Refused
from pki.issuing.own_clients import outsiders_to_be_told
from pki.issuing.parties import CLIENTS
from pki.issuing.revocation import Revocations, previous_revocations, revocation_lists
from pki.issuing.rogues import REVOKED
from pki.jwk_set import jwk_set, signing_jwk_set
from pki.keys import new_p256_key
from pki.node.replaced_directory import carry_over, locked, replacement


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What was done, and why.

    *reason* is None if everything was in order and nothing was touched.
    *replaced_roots* are the files whose trust anchors are others than before.
    *outsiders* says, a line each, which certificates made by `python -m pki client`
    are of no use any more: those are kept and never reissued.
    *exposed* are the keys that others than their owner could read until now.
    """

    directory: Path
    reason: str | None
    replaced_roots: tuple[str, ...] = ()
    outsiders: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The same for people, one line each."""
        if self.reason is None:
            first = f"certificates in {self.directory} are in order"
        else:
            first = f"certificates issued in {self.directory}: {self.reason}"
        replaced = (
            f"{name} is new: whoever imported the old one must import it again"
            for name in self.replaced_roots
        )
        exposed = (
            f"{name} could be read by others, and now by its owner only"
            for name in self.exposed
        )
        return [first, *replaced, *self.outsiders, *exposed]


def ensure(config: Config, clock: Callable[[], float]) -> Outcome:
    """
    See to it that everything is there and valid for another 24 hours.

    *clock* gives seconds since the epoch. Several processes may call this at once.

    Raises:
        Refused: the directory holds something that is not ours.
        OSError: the directory cannot be read or written.
    """
    with locked(config.directory):
        now, layout = clock(), Layout(config.directory)
        reason = find_reason(config, now)
        if reason is not None:
            return _issue_all(config, now, reason)
        return Outcome(
            config.directory,
            None,
            outsiders=outsiders_to_be_told(layout, now),
            exposed=_close_keys(layout),
        )


def renew(config: Config, clock: Callable[[], float]) -> Outcome:
    """
    Issue everything anew under the same roots, though it may be in order.

    What was issued before is not revoked: it is good until its end.

    Raises:
        Refused, OSError: as `ensure`.
    """
    with locked(config.directory):
        return _issue_all(config, clock(), "as asked")


def _issue_all(config: Config, now: float, reason: str) -> Outcome:
    before = Layout(config.directory)
    _verify_ours(before)
    exposed = _close_keys(before)
    authorities = kept_or_new(before, config, now)
    revocations = previous_revocations(before, authorities)
    replaced = _replaced_roots(before, authorities)
    with replacement(before.directory) as folder:
        _lay_down(Layout(folder), config, authorities, revocations, now)
        if before.directory.exists():
            carry_over(before.directory, folder)
    stale = outsiders_to_be_told(before, now)
    return Outcome(before.directory, reason, replaced, stale, exposed)


def _lay_down(
    layout: Layout,
    config: Config,
    authorities: Authorities,
    revocations: Revocations,
    now: float,
) -> None:
    """Write every file of the deployment into an empty directory."""
    write_authorities(layout, authorities)
    issued = credentials(config, authorities, now)
    for name, credential in issued.items():
        layout.write(name, credential)
    for client in CLIENTS:
        if client.self_signed:
            registered = jwk_set([issued[client.name].leaf])
            pem.write_new(layout.jwk_set(client.name), registered, mode=0o644)
        if client.signs_jwts:
            _lay_down_signing_key(layout, client.name)
    lists = revocation_lists(
        authorities,
        revocations.adding(issued[REVOKED].leaf.serial_number, now),
        now=now,
        days=config.lifetimes.revocation_list,
    )
    pem.write_new(layout.client_revocation_lists, lists, mode=0o644)


def _lay_down_signing_key(layout: Layout, name: str) -> None:
    """The key that *name* signs JWTs with, and what it registers of it."""
    key = new_p256_key()
    pem.write_new(layout.signing_key(name), pem.private_key_to_pem(key))
    registered = signing_jwk_set([key.public_key()])
    pem.write_new(layout.jwk_set(name), registered, mode=0o644)


def _close_keys(layout: Layout) -> tuple[str, ...]:
    """
    Leave the keys to their owner alone, as they were laid down; which were not.

    A copy made by hand has the mode of its maker's umask. Links are not followed.
    """
    keys = [
        path
        for folder in (layout.directory, layout.authorities)
        for path in sorted(folder.glob("*-key.pem"))
        if not path.is_symlink() and path.stat().st_mode & 0o077
    ]
    for path in keys:
        path.chmod(0o600)
    return tuple(path.name for path in keys)


def _verify_ours(layout: Layout) -> None:
    """
    Nothing is put in the place of a directory that somebody else has filled.

    Raises:
        Refused: it is not empty and has none of the files that tell ours.
    """
    ours = (layout.authorities, layout.server_roots, layout.client_roots)
    if not layout.directory.exists() or any(path.exists() for path in ours):
        return
    if not layout.directory.is_dir() or any(layout.directory.iterdir()):
        raise Refused(f"{layout.directory} holds something else: left untouched")


def _replaced_roots(layout: Layout, authorities: Authorities) -> tuple[str, ...]:
    """The root files that are there and will have another content."""
    roots = (
        (layout.server_roots, authorities.server_root),
        (layout.client_roots, authorities.client_root),
    )
    return tuple(
        path.name
        for path, root in roots
        if path.exists()
        and path.read_bytes() != pem.certificates_to_pem([root.certificate])
    )
