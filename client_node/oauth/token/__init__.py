"""
How are tokens asked for, kept, asked about and given back?

May import `client_node.oauth.requests`.
"""
