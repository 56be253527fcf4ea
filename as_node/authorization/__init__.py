"""
What does a client ask of a customer, may it, and how is it answered?

The authorization request of RFC 6749 section 4.1.1, pushed by RFC 9126: `request`
judges it, `pending` keeps it, `response` answers it.

May import `as_node.clients`, `as_node.browser`, `as_node.grants`, `as_node.store` and
`as_node.protocol`.
"""
