"""
What a person runs against the three nodes: `make demo`, `make up` and their kin.

`demo`          the command of `make demo`; `demo_run` is what it does, from its first
                node to its last file
`up`            `make up`
`setting_up`    what make does first, once: `.venv`
`elsewhere`     configurations for other names, addresses and ports than the shipped
`checks`        prints what each check is for, and its tests
`picture`       takes the README's picture from a demo: `make picture`

`capture/`      what crossed the wire, for Wireshark: a command too
`walkthrough/`  what the nodes did, as a page to look at: of the demo, or live
`acts/`         what the demo shows, act by act, with what has to come
`soak/`         floods of hostile peers beside an ordinary client: `make soak`
`stage/`        where it is played and by whom
`showing/`      how much of it is told, and how fast
`telling/`      the demo in a terminal
`twin/`         small servers that do it wrongly, for the demo alone
`deployment/`   where a deployment is, and its nodes as processes
`headless/`     a browser without a screen, for the demo's customer and the tests'
"""
