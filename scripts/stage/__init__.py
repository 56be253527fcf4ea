"""
Where is the scenario played, and by whom?

`stage` does a step, looks it up in the recordings and tells it; `cast` is who plays.
May import `scripts.deployment`, `scripts.telling` and `scripts.twin`.
"""
