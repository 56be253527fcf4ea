"""
Who is registered, and how does a client prove who it is? RFC 8705 section 2.

`registry` holds the clients, `metadata` is the registration of one, `authentication`
picks the method it is registered for: `tls_client_auth`, `self_signed_tls_client_auth`,
`private_key_jwt`. What a client registers by reference is fetched by `jwks_fetch`, kept
by `jwks_cache`, and never from an address that `ssrf_guard` refuses.

May import `as_node.protocol` and `as_node.store`.
"""
