"""
Where is the walk-through served while it happens, and to whom?

May import every other folder of the walk-through; none imports this one.
"""
