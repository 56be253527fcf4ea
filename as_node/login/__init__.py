"""
Who is the customer, and how surely do we know? Sign-in, passwords, second factor.

`sign_in` is the way, with its pages and their templates beside it; `rate_limit` slows
guessing down.

May import `as_node.browser` and `as_node.protocol`.
"""
