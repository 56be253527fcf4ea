"""
The answers to a request that is not answered with data.

Each has the status and the error code of the standard (OBExternalStatusReason1Code).
"""

from pki.http.checks import Check
from pki.http.messages import Refusal, Response
from rs_node.access.challenges import InvalidToken
from rs_node.open_banking.envelope import answer, error


class OpenBankingRefusal(Refusal):
    """
    A refusal that is answered with `OBErrorResponse1`.

    *path* names the field that is at fault. *message* is what the peer is told.
    """

    status = 400
    code = ""
    message = ""

    def __init__(
        self,
        detail: str,
        check: Check | None,
        *,
        path: str = "",
        expected: str = "",
        presented: str = "",
    ) -> None:
        super().__init__(detail, check, expected=expected, presented=presented)
        self.path = path

    def response(self) -> Response:
        """The error in JSON."""
        return answer(self.status, error(self.code, self.message, self.path))


class _FieldRefused(OpenBankingRefusal):
    """
    What the client sent is wrong, and it is told exactly what: this is its own
    field, and whoever builds a client has to find the mistake.
    """

    def response(self) -> Response:
        """The error in JSON, with the detail."""
        return answer(self.status, error(self.code, self.detail, self.path))


class FieldInvalid(_FieldRefused):
    """A field has a value that it cannot have."""

    code = "U002"


class DateInvalid(_FieldRefused):
    """A field is no date, or not the date it should be."""

    code = "U003"


class FieldMissing(_FieldRefused):
    """A field is not there."""

    code = "U004"


class FieldUnexpected(_FieldRefused):
    """There is a field that nobody knows."""

    code = "U005"


class HeaderInvalid(OpenBankingRefusal):
    """A header field is malformed."""

    code = "U006"
    message = "the header field is not valid"


class FormatInvalid(_FieldRefused):
    """The body is not of its schema."""

    code = "U010"


class ResourceNotFound(OpenBankingRefusal):
    """There is no such resource. 400, as the standard has it, and not 404."""

    code = "U011"
    message = "there is no resource of this identifier"


class NotAcceptable(HeaderInvalid):
    """The client wants another media type than there is."""

    status = 406
    message = "this API answers with application/json in UTF-8"


class UnsupportedMediaType(HeaderInvalid):
    """The client sent another media type than is read."""

    status = 415
    message = "this API reads application/json in UTF-8"


class Forbidden(OpenBankingRefusal):
    """
    The customer's consent does not cover this.

    The standard has no code for it, so it is the one for other reasons.
    """

    status = 403
    code = "U042"
    message = "the consent does not cover this"


class TooManyConsents(OpenBankingRefusal):
    """
    As many of the client's consents wait for their customers as may.

    429, as the standard has it for a client that asks for too much: it has to see
    that they are answered, or delete them.
    """

    status = 429
    code = "U000"
    message = "too many consents await authorisation"

    def response(self) -> Response:
        """The error in JSON, and when to come back."""
        told = error(self.code, self.message)
        return answer(self.status, told, (("Retry-After", "60"),))


class NoRoomForConsents(TooManyConsents):
    """The same of all clients together: 503, for this one did nothing wrong."""

    status = 503
    message = "the bank cannot take another consent at the moment"


class ConsentEnded(InvalidToken):
    """The consent behind the token is gone: so is what the token was good for."""


class ConsentExpired(ConsentEnded):
    """
    The consent has come to its `ExpirationDateTime`.

    The one 401 that has a body: the standard asks for it, with this code.
    """

    code = "TKXP"
    message = "the consent has expired"
