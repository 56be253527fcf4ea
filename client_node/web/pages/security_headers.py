"""What every page of ours tells the browser that shows it."""

from pki.http.messages import NO_STORE, Fields, Response


def html_response(status: int, body: bytes, policy: str, more: Fields = ()) -> Response:
    """A page under *policy* (Content Security Policy), for our own origin alone."""
    fields: Fields = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        # `no-referrer` would make browsers send `Origin: null` with our own forms.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        *NO_STORE,
        *more,
    )
    return Response(status, fields, body)
