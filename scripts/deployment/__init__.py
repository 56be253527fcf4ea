"""
Where is a deployment, and how are its three nodes started and stopped?

Imports `pki` and the nodes' configurations.
"""
