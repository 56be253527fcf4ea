"""Issue to everybody of the deployment: servers, clients and rogues."""

from pki.issuing import authority, profiles
from pki.issuing.authority import Authority
from pki.issuing.config import Config
from pki.issuing.hierarchy import Authorities
from pki.issuing.parties import CLIENTS, OTHER_TPP, Client, server_subject
from pki.issuing.rogues import rogues
from pki.issuing.validity import validity
from pki.keys import new_p256_key, new_rsa_key
from pki.pem import Credential


def credentials(
    config: Config, authorities: Authorities, now: float
) -> dict[str, Credential]:
    """Certificate and key of each party by its name, all issued at *now*."""
    days = config.lifetimes.leaf
    servers = {
        name: authorities.server_root.issue_server(
            server_subject(name), server.names, now=now, days=days
        )
        for name, server in config.servers.items()
    }
    intermediate = authorities.client_intermediate
    clients = {
        client.name: issue_to(client, intermediate, now=now, days=days)
        for client in CLIENTS
    }
    gallery = rogues(intermediate, clients[OTHER_TPP.name], now=now, days=days)
    return {**servers, **clients, **gallery}


def issue_to(
    client: Client, intermediate: Authority, *, now: float, days: float
) -> Credential:
    """The certificate of one client, by *intermediate* or by the client itself."""
    key = new_rsa_key() if client.rsa else new_p256_key()
    if client.self_signed:
        return authority.self_signed(
            profiles.CLIENT,
            client.subject,
            validity(now, days),
            sans=client.sans,
            key=key,
        )
    return intermediate.issue_client(
        client.subject, now=now, days=days, sans=client.sans, key=key
    )
