"""
What does the demo show? The acts, each in a file of its own; `scenario` plays them.

`outline` knows what they are about, their order and the names of their steps;
`citations` puts the numbers that follow from it into documents. Steps that belong
together are in `steps`.

The predictions stand here, beside the rule each follows from. What came is never
written here: it is read from the recordings.

May import `scripts.stage`, `scripts.twin`, `scripts.walkthrough` up to its `evidence`,
and the client's library.
"""
