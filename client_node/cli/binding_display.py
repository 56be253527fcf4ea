"""To which certificate a token is bound, for a person to see."""

from client_node.cli.jwt_display import find_jwt
from client_node.cli.printer import Printer, safe


def show_binding(out: Printer, token: str, ours: str | None) -> None:
    """
    *token* decoded, and its confirmation beside *ours*.

    *ours* is the thumbprint of the certificate we present, if we present one.
    Nothing is verified: it is the resource server that decides.
    """
    jwt = find_jwt(token)
    out.line()
    if jwt is None:
        out.line("Not a JWT: what it is bound to, introspection tells the resource")
        out.line("server (RFC 8705 section 3.2).")
        bound_to = None
    else:
        out.line(out.strong("JWT header") + out.quiet("  decoded, not verified"))
        out.json(jwt.header)
        out.line(out.strong("JWT claims"))
        out.json(jwt.claims)
        bound_to = jwt.x5t_s256
    out.line()
    out.line(f"our certificate  x5t#S256  {ours or '(none)'}")
    if jwt is not None:
        verdict = _verdict(out, bound_to, ours)
        out.line(f"the token's cnf  x5t#S256  {safe(bound_to or '(none)')}  {verdict}")


def _verdict(out: Printer, bound_to: str | None, ours: str | None) -> str:
    if bound_to is None:
        return out.bad("not bound to a certificate")
    if bound_to == ours:
        return out.good("the same (RFC 8705 section 3.1)")
    return out.bad("another certificate: we cannot use it (RFC 8705 section 3)")
