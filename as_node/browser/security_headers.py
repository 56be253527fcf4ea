"""
What every page of ours tells the browser that shows it.

The policy allows what the pages consist of and nothing else: no script at all, our
own style, forms that lead to us and on to the client that asked. Nobody may frame a
page (the customer would click on what she does not see), keep one, or learn from a
`Referer` which request it belonged to. `Strict-Transport-Security` is not of pages
alone: `pki.http.transport_security` has it.
"""

from urllib.parse import urlsplit

from pki.http.messages import NO_STORE, Fields, Response


def html_response(
    status: int,
    body: bytes,
    *,
    style_source: str,
    redirect_uri: str | None = None,
    headers: Fields = (),
) -> Response:
    """
    A page, with the headers that every page has.

    *style_source* names the page's style for the policy. *redirect_uri* is where
    the form of the page may lead in the end: browsers follow a redirect after a
    form only to what `form-action` names, so without it the customer would stay
    on a blank page after her consent.
    """
    form_action = "'self'"
    if redirect_uri is not None:
        form_action += f" {form_source(redirect_uri)}"
    policy = (
        f"default-src 'none'; style-src {style_source}; img-src data:;"
        f" form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
    )
    fields: Fields = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        *NO_STORE,
        *headers,
    )
    return Response(status, fields, body)


def see_other(location: str, headers: Fields = ()) -> Response:
    """
    On to *location*, with GET, whatever the method was: RFC 9700 section 4.12.

    303 and nothing else: with a 307 the browser would send the customer's password
    on to the client.
    """
    fields: Fields = (
        ("Location", location),
        ("Referrer-Policy", "no-referrer"),
        *NO_STORE,
        *headers,
    )
    return Response(303, fields)


def form_source(redirect_uri: str) -> str:
    """
    The origin of a redirect URI as a source of a Content-Security-Policy.

    *redirect_uri* is registered, so it is of one of the forms that
    `as_node.clients.redirect_uris` accepts. A source cannot say `[::1]` (CSP Level 3
    section 2.3.1 has no IPv6 literals), so there it is the scheme alone.
    """
    parts = urlsplit(redirect_uri)
    if "[" in parts.netloc:
        return f"{parts.scheme}:"
    return f"{parts.scheme}://{parts.netloc}"
