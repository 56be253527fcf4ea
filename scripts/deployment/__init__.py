"""
Where is a deployment, and how are its three nodes and their observer started and
stopped?

Imports `pki` alone: which files a node reads it knows, and not what is in them.
"""
