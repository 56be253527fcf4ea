"""
What does the customer see? A file a page, its templates beside it.

May import `client_node.web.journey`, `client_node.web.store`,
`client_node.open_banking` and `client_node.oauth`.
"""
