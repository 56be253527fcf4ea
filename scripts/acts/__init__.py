"""
What does the demo show? The acts, each in a file of its own; `scenario` plays them.

`outline` knows what they are about, their order and the names of their steps.

`code_flow` and `approval` are steps that several acts have, `stolen_code` is the end of
`thief`.

The predictions stand here, beside the rule each follows from. What came is never
written here: it is read from the recordings.

May import `scripts.stage`, `scripts.twin`, `scripts.walkthrough.story` and the
client's library.
"""
