"""
What do the rules, the names and the functions that decided mean?

May import `story`.
"""
