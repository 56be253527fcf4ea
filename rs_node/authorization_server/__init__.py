"""
What does the authorization server say of itself, and when asked about a token?

RFC 8414 `metadata`, its `keys`, its `status_lists`, the `requests` to it. May import
`pki` alone; but for `pki.node.single_flight`, knows neither Twisted nor pyOpenSSL.
"""
