"""OpenSSL's errors in words."""

from OpenSSL import SSL


def alert_text(error: BaseException | None) -> str:
    """One line, for example "tlsv13 alert certificate required"."""
    if isinstance(error, SSL.Error) and error.args and error.args[0]:
        return "; ".join(reason for _, _, reason in error.args[0])
    return str(error) or type(error).__name__
