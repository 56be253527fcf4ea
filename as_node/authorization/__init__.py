"""
What does a client ask of a customer, may it, and how is it answered?

The authorization request of RFC 6749 section 4.1.1. `judgement` makes of parameters and
a client the value of `request`, once; `registration` is what may have changed when it
is read back; `response` answers it.

May import `as_node.clients` and `as_node.protocol`; names neither Twisted nor
pyOpenSSL.
"""
