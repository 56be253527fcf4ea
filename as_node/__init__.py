"""
The authorization server of the reference deployment.

A folder answers one question, and imports from those below it alone:

`endpoints`      what do clients, resource servers and browsers call?
`consent`        what does the customer allow?
`login`          who is the customer?
`browser`        what does every page have, and which request is it about?
`authorization`  what does a client ask of her, may it, how is it answered?
`grants`         which grants does the token endpoint know?
`tokens`         what is issued, and with which key is it signed?
`clients`        who is registered, and how does a client prove who it is?
`store`          what is kept, and what does each operation promise?
`protocol`       which words of the RFCs do all endpoints speak?

`wiring` puts them together, from the configuration (`config`). What is implemented:

RFC 6749 section 3.1    authorization endpoint: `endpoints.authorize`
RFC 6749 section 3.2    token endpoint: `endpoints.token`, `protocol.parameters`
RFC 6749 section 3.3    scope: `protocol.scopes`
RFC 6749 section 4.1    authorization code grant: `authorization.judgement`,
                        `authorization.response`, `grants.authorization_code`
RFC 6749 section 4.4    client credentials grant: `grants.client_credentials`
RFC 6749 section 5      answers and errors: `endpoints.token`, `protocol.errors`
RFC 6749 section 6      refresh token grant: `grants.refresh_token`
RFC 7009 section 2      revocation: `endpoints.revocation`
RFC 7523 section 3      private_key_jwt: `clients.client_assertion`,
                        `clients.private_key_jwt`
RFC 7591 section 2      client metadata, read from the configuration:
                        `clients.metadata`
RFC 7636 section 4      PKCE, the challenge and the verifier: `protocol.pkce`
RFC 7662 section 2      introspection: `endpoints.introspection`
RFC 8252 section 7.3    loopback redirects: `clients.redirect_uris`
RFC 8414 section 3      authorization server metadata: `endpoints.metadata`
RFC 8705 section 2.1    PKI mutual-TLS method: `clients.tls_client_auth`
RFC 8705 section 2.2    self-signed method: `clients.self_signed_tls_client_auth`,
                        `clients.jwks_uri`
RFC 8705 section 3      certificate-bound access tokens: `protocol.sender_constraint`
RFC 8705 section 3.1    the `cnf` of a JWT: `protocol.sender_constraint`, and
                        `tokens.claims` has it in each token
RFC 8705 section 3.2    the `cnf` of an introspection answer: `endpoints.introspection`
RFC 8705 section 3.3    `tls_client_certificate_bound_access_tokens`:
                        `endpoints.metadata`
RFC 8705 section 4      public clients: `clients.authentication`,
                        `grants.refresh_token`
RFC 8705 section 5      `mtls_endpoint_aliases`: `endpoints.metadata`, and `wiring`
                        serves them
RFC 9068 section 2      JWT access tokens: `tokens.access_tokens`,
                        `tokens.signing_keys`
RFC 9126 section 2      pushed authorization requests: `endpoints.par`
RFC 9126 section 4      what the browser brings: `browser.pending_requests`
RFC 9207 section 2      `iss` in the answer: `authorization.response`
Token Status List 4, 5  which JWTs are revoked: `tokens.status_claim`,
                        `tokens.status_lists`, `endpoints.status_list`
OpenID Connect Core     ID tokens, UserInfo, requested claims: `tokens.id_token`,
                        `endpoints.userinfo`, `authorization.claims_parameter`
"""
