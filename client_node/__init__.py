"""
The banking client: a TPP, as a library, a command line and a process.

What it implements, and where:

RFC 6749 section 4.1      the authorization code: `pushed_authorization_request`,
                          `authorization_response`, `token_request`
RFC 6749 section 4.4      the client credentials grant: `token_request`, `flow`
RFC 6749 sections 5.1, 5.2  token and error responses: `token_request`,
                          `endpoint_request`
RFC 6750 sections 2.1, 3  bearer tokens and challenges: `resource_request`,
                          `challenges`
RFC 7009 section 2        revocation: `revocation_request`
RFC 7517 section 5        the JWK set behind `jwks_uri`: `jwks_document`
RFC 7523 section 2.2      `private_key_jwt`: `client_assertion`
RFC 7636 section 4        PKCE: `pkce`
RFC 7662 section 2        introspection, as a resource server asks:
                          `introspection_request`
RFC 8252 section 7.3      a native application: `mobile`, `loopback_listener`
RFC 8414 section 3        metadata, its issuer compared: `server_metadata`
RFC 8705 section 2        `client_id` in every request: `endpoint_request`
RFC 8705 section 2.2.2    a self-signed certificate published: `jwks_document`
RFC 8705 section 3        a token sent with its certificate: `resource_request`
RFC 8705 section 4        a certificate of one's own making: `mobile`
RFC 8705 section 5        `mtls_endpoint_aliases`: `server_metadata`
RFC 8705 section 6.3      a renewed certificate: `token_cache`, `flow`
RFC 9126 section 2        pushed requests: `pushed_authorization_request`
RFC 9207 section 2.4      the `iss` of a response: `authorization_response`
OpenID Connect Core section 3.1.3.7  the ID token, check by check: `id_token`,
                          with the keys of `key_set`
OpenID Connect Core section 5.3  UserInfo: `userinfo_request`
FAPI 2.0 section 5.3.3    the client's side of it, for a customer: `connecting`,
                          `customer_access`, `disconnecting`
UK Open Banking v4.0      consents and accounts: `consent_request`,
                          `account_information`

The web application is those three with its store (`web_store`), the browser's session
(`browser_session`) and its pages (`…_page`, `templates/`); `bank_words` is what it
says when something goes wrong.

Every exchange is a pair: `request_…` gives the HTTP answer, `judge_…` says what it
means. Whoever wants to see the answer, or to send another request, stands between.
"""
