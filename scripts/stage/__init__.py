"""
Where is the scenario played, and by whom?

`stage` does a step, looks it up in the recordings and tells it; `cast` is who plays.
May import the configurations of the nodes, the client's library, and what stands below
in `scripts`: `telling`, `twin`, `walkthrough`, `deployment` and `headless`.
"""
