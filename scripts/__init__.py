"""
What a person runs against the three nodes: `make demo`, `make up` and their kin.

`demo`, `up`, `elsewhere`  commands; `performance` is the demo from its first node to
                           its last file;
                           `checks` prints what each check is for, and its tests
`walkthrough/`  what the nodes did, as a page to look at: of the demo, or live
`acts/`        what the demo shows, act by act, with what has to come
`stage/`       where it is played and by whom
`telling/`     the demo in a terminal
`twin/`        small servers that do it wrongly, for the demo alone
`capture/`     what crossed the wire, for Wireshark
`soak/`        hostile floods beside an ordinary client, for `make soak`
`deployment/`  where a deployment is, and its nodes as processes
"""
