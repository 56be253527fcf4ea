"""
The acts of the scenario, each in a file of its own; `scenario` is their order.

The predictions stand here, beside the rule each follows from. What came is never
written here: it is read from the recordings.

May import `scripts.stage` and `scripts.twin`.
"""
