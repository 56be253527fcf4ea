"""
What does the customer allow? The page that asks, and what follows from her answer.

The bank's resource server keeps the consents; `backchannel` asks it and tells it.

May import `as_node.login`, `as_node.authorization`, `as_node.browser`, `as_node.tokens`
and `as_node.protocol`.
"""
