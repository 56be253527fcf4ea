"""
What does a hostile peer do, that costs it little and might cost a node much?

One flood a file: `handshakes`, `requests`, `slow_peers`, `pipelining`,
`idle_connections`, `hostile_chains`, `wrong_sign_ins`, `hung_up_sign_ins`; `kinds`
lists them. Each runs in a process of its own (`python -m scripts.soak.floods`), says
when it is up, and is bounded in count (`effort`), in time and by its parent's life.

`flood` is what a flood is, `peers` how many go about it at once, `connecting` how they
connect, `guessing` how they try passwords, `chains` what certificates they have.
Imports `scripts.soak.asking` and `sign_in`, `scripts.deployment`, `scripts.headless`
and `pki`.
"""
