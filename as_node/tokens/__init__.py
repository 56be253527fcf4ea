"""
What is issued, and with which key is it signed? RFC 9068, RFC 8705 section 3.1.

`access_tokens`, `id_token` and `authorizations` (codes and refresh tokens) issue, find
again and end; `signing_keys` says which key signs now. `status_indexes` gives each JWT
a place in a list, and `status_lists` says which are revoked (Token Status List).

May import `as_node.clients`, `as_node.store` and `as_node.protocol`; but for
`pki.node.single_flight`, knows neither Twisted nor pyOpenSSL.
"""
