"""
Where are the server's endpoints and keys? RFC 8414, RFC 8705 section 5.

May import `client_node.oauth.requests`.
"""
