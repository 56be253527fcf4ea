"""
What did the nodes record? Their events, read back, and followed as they come.

`request_tree` says what was asked before answering what, `interactions` what belongs
together. Imports nothing else of the walk-through.
"""
