"""
How does a TPP speak to the bank's API? UK Open Banking 4.0.

May import `client_node.oauth.requests`.
"""
