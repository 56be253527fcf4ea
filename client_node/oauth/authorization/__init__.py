"""
How does a customer's authorization come about? RFC 9126, 7636, 9207, OpenID Connect.

May import `client_node.oauth.requests` and `client_node.oauth.metadata`.
"""
