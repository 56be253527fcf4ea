"""
Where is a deployment, and how are its three nodes and their observer started and
stopped?

Imports `pki` and the nodes' configurations.
"""
