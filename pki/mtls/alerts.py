"""OpenSSL's errors in words."""

from OpenSSL import SSL


def alert_text(error: SSL.Error) -> str:
    """One line, for example "tlsv13 alert certificate required"."""
    reasons = error.args[0] if error.args else []
    if isinstance(reasons, list) and reasons:
        return "; ".join(reason for _, _, reason in reasons)
    return str(error) or type(error).__name__
