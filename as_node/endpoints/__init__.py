"""
What do clients, resource servers and browsers call? One file an endpoint.

Each is the ordered list of its steps. May import every other folder of `as_node`; no
other folder imports this one.
"""
