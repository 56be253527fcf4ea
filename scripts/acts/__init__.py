"""
The acts of the scenario, each in a file of its own.

The predictions stand here, beside the rule each follows from. What came is never
written here: it is read from the recordings.
"""
