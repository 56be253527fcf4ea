"""Whose requests are one peer's, where all that is known of it is its address."""

from ipaddress import ip_network


def client_network(client_address: str) -> str:
    """
    The address without its port; of IPv6 the /64, which is one household's.

    *client_address* is one of `pki.http.messages.Connection`.
    """
    host = client_address.rpartition(":")[0].strip("[]")
    if ":" not in host:
        return host
    return str(ip_network(f"{host.partition('%')[0]}/64", strict=False))
