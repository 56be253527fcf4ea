"""
What does the command line do, from its arguments to its exit status?

May import `client_node.oauth` and the configuration.
"""
