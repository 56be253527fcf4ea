"""
What does a certificate say, in words and field by field?

May import `story`.
"""
