"""
Who is the customer, and how surely do we know? Sign-in, passwords, second factor.

`sign_in` and `second_factor` are the way, with their pages and templates beside them;
`steps` is what both begin and end with. `rate_limit` slows guessing down, `attempts`
says what is counted for whom, `turns` bounds what it may cost.

May import `as_node.browser` and `as_node.protocol`.
"""
