"""
How is the story told while it happens?

May import every other folder of the walk-through but `serving`.
"""
