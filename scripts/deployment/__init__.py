"""
Where is a deployment, and how are its three nodes and their observer started and
stopped?

`own_nodes` is one that lives as long as a run, `place` where it is and `memory` how
large its processes are.

Imports `pki` alone: which files a node reads it knows, and not what is in them.
"""
