"""
The banking client: a TPP, as a library, a command line and a process.

`cli`           the command line
`web`           the web application: how a customer connects her bank
`open_banking`  how a TPP speaks to the bank's API
`oauth`         the library: how a client obtains a token, and uses it

What is implemented, and where:

RFC 6749 section 4.1     the authorization code: `oauth.authorization`,
                         `oauth.token.token_request`
RFC 6749 section 4.4     the client credentials grant: `oauth.token.token_request`,
                         `oauth.flow`
RFC 6749 sections 5.1, 5.2  token and error responses: `oauth.token.token_request`,
                         `oauth.requests.endpoint_request`
RFC 6750 sections 2.1, 3 bearer tokens and challenges:
                         `oauth.requests.resource_request`, `oauth.requests.challenges`
RFC 7009 section 2       revocation: `oauth.token.revocation_request`
RFC 7517 section 5       the JWK set behind `jwks_uri`: `web.jwks_document`
RFC 7523 section 2.2     `private_key_jwt`: `oauth.token.client_assertion`
RFC 7636 section 4       PKCE: `oauth.authorization.pkce`
RFC 7662 section 2       introspection, as a resource server asks:
                         `oauth.token.introspection_request`
RFC 8252 section 7.3     a native application: `cli.mobile`, `cli.loopback_listener`
RFC 8414 section 3       metadata, its issuer compared: `oauth.metadata.server_metadata`
RFC 8705 section 2       `client_id` in every request: `oauth.requests.endpoint_request`
RFC 8705 section 2.2.2   a self-signed certificate published: `web.jwks_document`
RFC 8705 section 3       a token sent with its certificate:
                         `oauth.requests.resource_request`
RFC 8705 section 4       a certificate of one's own making: `cli.mobile`
RFC 8705 section 5       `mtls_endpoint_aliases`: `oauth.metadata.server_metadata`
RFC 8705 section 6.3     a renewed certificate: `oauth.token.token_cache`, `oauth.flow`
RFC 9126 section 2       pushed requests:
                         `oauth.authorization.pushed_authorization_request`
RFC 9207 section 2.4     the `iss` of a response:
                         `oauth.authorization.authorization_response`
OpenID Connect Core section 3.1.3.7  the ID token, check by check:
                         `oauth.authorization.id_token`, with the keys of
                         `oauth.metadata.key_set`
OpenID Connect Core section 5.3  UserInfo: `oauth.authorization.userinfo_request`
FAPI 2.0 section 5.3.3   the client's side of it, for a customer: `web.journey`
UK Open Banking v4.0     consents and accounts: `open_banking`

Every exchange is a pair: `request_…` gives the HTTP answer, `judge_…` says what it
means. Whoever wants to see the answer, or to send another request, stands between.
"""
