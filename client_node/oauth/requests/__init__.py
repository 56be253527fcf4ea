"""
How is a request sent as one identity, and its answer taken by the letter?

Imports `pki` alone.
"""
