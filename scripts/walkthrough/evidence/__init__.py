"""
What do the recordings prove? From events to exchanges, with what was decided.

May import `curl`, `certificates`, `story` and `recordings`.
"""
