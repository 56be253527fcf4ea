"""The floods, in the order in which they are tried."""

from scripts.soak.floods.handshakes import HANDSHAKES
from scripts.soak.floods.hostile_chains import HOSTILE_CHAINS
from scripts.soak.floods.hung_up_sign_ins import HUNG_UP_SIGN_INS
from scripts.soak.floods.idle_connections import IDLE_CONNECTIONS
from scripts.soak.floods.pipelining import PIPELINING
from scripts.soak.floods.requests import REQUESTS
from scripts.soak.floods.slow_peers import SLOW_PEERS
from scripts.soak.floods.wrong_sign_ins import WRONG_SIGN_INS

FLOODS = {
    flood.name: flood
    for flood in (
        REQUESTS,
        HANDSHAKES,
        SLOW_PEERS,
        IDLE_CONNECTIONS,
        WRONG_SIGN_INS,
        HUNG_UP_SIGN_INS,
        HOSTILE_CHAINS,
        PIPELINING,
    )
}
