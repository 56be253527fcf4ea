"""
The authorization code grant, RFC 6749 section 4.1.3, with PKCE (RFC 7636).

A code is good once, for its client, for the redirect URI it was sent to, and for
whoever knows the secret behind its code challenge.

An attempt that fails leaves the code as it is: it is worth nothing without the
client's key and the verifier, and ends within the minute. Were it burnt, whoever
caught sight of a code could spoil the customer's connection with it. For the same
reason a used code has an effect only for whoever could have redeemed it: with the
client's authentication, the redirect URI and the verifier. Two who have all of that
are one too many; RFC 6749 section 4.1.2 then has everything revoked that was issued
from the code. Nothing less proves a theft: a code alone stands in the history of a
browser, and of a public client anybody knows the `client_id`.
"""

from dataclasses import dataclass

from as_node.clients.registry import Client
from as_node.grants.grant import Granted, IsInForce, Redemption, TokenRequest
from as_node.protocol.errors import InvalidGrant
from as_node.protocol.parameters import require
from as_node.protocol.pkce import verify_code_verifier
from as_node.tokens.authorizations import Authorizations, Code, RefreshToken
from pki.http.checks import Check
from pki.http.journal import Journal

KNOWN = Check("code.known", "there is such a code", "RFC 6749 section 5.2")
CLIENT = Check(
    "code.client",
    "the code was issued to the client that presents it",
    "RFC 6749 section 4.1.3",
)
UNUSED = Check(
    "code.unused",
    "the code is used for the first time, and for the last",
    "RFC 6749 section 4.1.2",
)
NOT_EXPIRED = Check(
    "code.not-expired",
    "the code has not expired",
    "FAPI 2.0 Security Profile section 5.3.2.1",
)
CONSENT = Check(
    "code.consent",
    "the consent that the code stands on is in force",
    "UK Open Banking Read/Write v4.0, account-access-consents",
)
REDIRECT_URI = Check(
    "code.redirect-uri",
    "the redirect URI is that of the authorization request",
    "RFC 6749 section 4.1.3",
)


@dataclass(frozen=True, slots=True)
class AuthorizationCodeGrant:
    """Redeems the codes of *authorizations*."""

    authorizations: Authorizations
    is_in_force: IsInForce

    async def grant(self, asked: TokenRequest) -> Granted:
        """
        What the customer allowed, and a refresh token if the client can use one.

        The code is not redeemed yet: it is when the access token is kept, and of two
        requests with one code that happens to one (`verify_redeemed`).

        Raises:
            InvalidRequest: there is no code, or no redirect URI.
            InvalidGrant: the code is unknown, was used before, has expired, or is
                not this client's, for this redirect URI, with this verifier; or the
                consent has ended.
        """
        presented = require(asked.parameters, "code")
        redirect_uri = require(asked.parameters, "redirect_uri")
        code = await self._code_of_the_client(presented, asked)
        verify_redirect_uri(code, redirect_uri, asked.journal)
        verify_code_verifier(code.code_challenge, asked.parameters, asked.journal)
        await self._verify_unused(code)
        verify_in_time(code, self.authorizations.clock(), asked.journal)
        if not await self.is_in_force(code.grant, asked.journal):
            raise InvalidGrant("the consent behind the grant has ended", CONSENT)
        return self._granted(code, asked)

    async def _code_of_the_client(self, presented: str, asked: TokenRequest) -> Code:
        """The code, used or not, of the client that presents it."""
        code = await self.authorizations.find_code(presented)
        if code is None:
            raise InvalidGrant("no such code", KNOWN)
        asked.journal.about(grant_id=code.grant.grant_id, sub=code.grant.sub)
        verify_issued_to(asked.client, code, asked.journal)
        return code

    async def _verify_unused(self, code: Code) -> None:
        """
        After all that has to be proved, and before the time: see above.

        So what others do with a code they have seen changes nothing for its client;
        and a used one has everything revoked even where it is long expired.
        """
        if code.redeemed:
            await self.authorizations.revoke(code.grant)
            raise used_before()

    def _granted(self, code: Code, asked: TokenRequest) -> Granted:
        token, kept = self._refresh_token(code, asked)
        return Granted(
            code.grant.scope,
            authorization=code.grant,
            refresh_token=token,
            refresh_token_exp=None if kept is None else kept.exp,
            with_id_token=True,
            redemption=Redemption(code, kept),
        )

    def _refresh_token(
        self, code: Code, asked: TokenRequest
    ) -> tuple[str | None, RefreshToken | None]:
        """
        None for a client that is not registered to use it.

        RFC 8705 section 4: a public client's is bound to its certificate. That of
        any other is not: its client authentication binds it (section 7.1), so it
        outlives the certificate.
        """
        if "refresh_token" not in asked.client.grant_types:
            return None, None
        bound_to = asked.sender if asked.client.is_public else None
        return self.authorizations.new_refresh_token(code.grant, bound_to)


def verify_redeemed(journal: Journal, *, first: bool) -> None:
    """
    The code was redeemed now, and by nobody before.

    *first* is what the store said when it redeemed it.

    Raises:
        InvalidGrant: another request did, at the same moment; the grant is revoked.
    """
    if not first:
        raise used_before()
    journal.accepted(
        UNUSED,
        verify_redeemed,
        expected="a code that was not redeemed",
        presented="a code that was not redeemed",
    )


def used_before() -> InvalidGrant:
    """The refusal of a code that comes again, when its grant has been revoked."""
    return InvalidGrant(
        "the code was used before: everything issued from it is revoked",
        UNUSED,
        expected="a code that was not redeemed",
        presented="a redeemed code",
    )


def verify_issued_to(client: Client, code: Code, journal: Journal) -> None:
    """
    The code was issued to the client that presents it.

    Raises:
        InvalidGrant: it was issued to another.
    """
    if code.grant.client_id != client.client_id:
        raise InvalidGrant(
            "the code was issued to another client",
            CLIENT,
            expected=code.grant.client_id,
            presented=client.client_id,
        )
    journal.accepted(
        CLIENT,
        verify_issued_to,
        expected=code.grant.client_id,
        presented=client.client_id,
    )


def verify_in_time(code: Code, now: float, journal: Journal) -> None:
    """
    The code has not expired; to the second, by the clock that made its `exp`.

    Raises:
        InvalidGrant: it has.
    """
    expected = f"before {code.exp}"
    if now >= code.exp:
        raise InvalidGrant(
            "the code has expired",
            NOT_EXPIRED,
            expected=expected,
            presented=f"{now:.0f}",
        )
    journal.accepted(
        NOT_EXPIRED,
        verify_in_time,
        expected=expected,
        presented=f"{now:.0f}",
    )


def verify_redirect_uri(code: Code, redirect_uri: str, journal: Journal) -> None:
    """
    The redirect URI is, octet by octet, the one the code was sent to.

    RFC 6749 section 4.1.3 asks for it where the authorization request had one, and
    here each has.

    Raises:
        InvalidGrant: it is another.
    """
    if redirect_uri != code.redirect_uri:
        raise InvalidGrant(
            "not the redirect URI of the authorization request",
            REDIRECT_URI,
            expected=code.redirect_uri,
            presented=ascii(redirect_uri[:200]),
        )
    journal.accepted(
        REDIRECT_URI,
        verify_redirect_uri,
        expected=code.redirect_uri,
        presented=redirect_uri,
    )
