"""
What happens between the browser, us and the bank? Connecting, reading, disconnecting.

May import `client_node.web.store`, `client_node.open_banking` and `client_node.oauth`.
"""
