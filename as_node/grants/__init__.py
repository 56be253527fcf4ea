"""
Which grants does the token endpoint know? RFC 6749 section 1.3; a file for each.

`grant` is what each of them is to the endpoint.

May import `as_node.clients`, `as_node.tokens`, `as_node.store` and `as_node.protocol`.
"""
