"""
Who anyone is: certificates, thumbprints, names, chains, and the two ends of a
mutual-TLS HTTP/1.1 connection.

Nothing here knows OAuth, and nothing here knows the nodes.
"""
