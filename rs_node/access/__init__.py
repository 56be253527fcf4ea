"""
May this request be answered? From the header to the verdict.

`access_control` has the order of the checks (FAPI 2.0 section 5.3.4): `bearer_token`,
`token_validation` of a JWT or `introspection` of an opaque token, `certificate_binding`
(RFC 8705 section 3: the one place), `token_status` (revoked or not), scope.
`unconfirmed_token` is what is known before it is known who presents it.

May import `rs_node.authorization_server` and `pki`; but for `pki.node.single_flight`,
knows neither Twisted nor pyOpenSSL.
"""
