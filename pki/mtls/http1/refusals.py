"""What is answered to octets that are no request, or too much of one."""

from pki.http.messages import Response, json_response

BAD_REQUEST = json_response(400, {"error": "invalid_request"})
TOO_SLOW = json_response(408, {"error": "request_timeout"})
TOO_LARGE = json_response(413, {"error": "content_too_large"})
TARGET_TOO_LONG = json_response(414, {"error": "uri_too_long"})
HEADERS_TOO_LARGE = json_response(431, {"error": "header_fields_too_large"})


class Unreadable(Exception):
    """
    No request came of it, and nothing more is heard of this connection.

    *response* is what the peer is told, *detail* is for the operator's log.
    """

    def __init__(self, response: Response, detail: str) -> None:
        super().__init__(detail)
        self.response = response
        self.detail = detail
