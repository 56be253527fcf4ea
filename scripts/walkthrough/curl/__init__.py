"""
How is a request sent again, from a shell?

May import `certificates` and `story`.
"""
