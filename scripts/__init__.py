"""
What a person runs against the three nodes: `make demo`, `make up` and their kin.

`demo`, `up`, `elsewhere`  commands, and `capture/`
`performance`              the demo from its first node to its last file
`scenario`, `acts/`        what the demo shows, act by act, with what has to come
`stage`, `cast`, `person`  where it is played and by whom; what came is read from the
                           nodes' recordings
`twin/`                    small servers that do it wrongly, for the demo alone
`telling/`                 the demo in a terminal
`processes`, `deployment`  the nodes as processes, and where their files are
"""
