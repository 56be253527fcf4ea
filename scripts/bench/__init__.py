"""
How fast are the nodes, beside others that do the same work?

`cases`       what is measured, of whom, and which ratio is looked at
`clients`     whose certificates the load comes with
`contenders/` who is measured, how it is set up, and that it does the same work
`load/`       how it is loaded
`cores`, `noise`     the machine: which core does what, and how much of it is ours
`options`     what a person can ask for
`course`      the course of a run: rounds in which all are loaded in turn
`figures`, `ratios`  what a round came to, and what all of them come to
`probes`      what the machine can do by itself: handshakes, durable writes
`growth/`     what becomes of it when there is a lot
`results`, `table`, `page`, `pictures`   the figures as JSON, as lines and as pictures

May import `scripts.deployment` and `pki`.
"""
