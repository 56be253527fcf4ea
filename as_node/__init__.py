"""
The authorization server of the reference deployment.

Implemented here, file by file:

RFC 6749 section 3.1    authorization endpoint: `authorization_endpoint`
RFC 6749 section 3.2    token endpoint: `token_endpoint`, `parameters`
RFC 6749 section 3.3    scope: `scopes`
RFC 6749 section 4.1    authorization code grant: `authorization_request`,
                        `authorization_response`, `authorization_code`
RFC 6749 section 4.4    client credentials grant: `client_credentials`
RFC 6749 section 5      answers and errors: `token_endpoint`, `errors`
RFC 6749 section 6      refresh token grant: `refresh_token`
RFC 7009 section 2      revocation: `revocation_endpoint`
RFC 7523 section 3      private_key_jwt: `client_assertion`, `private_key_jwt`
RFC 7591 section 2      client metadata, read from the configuration: `client_metadata`
RFC 7636 section 4.3    PKCE, the challenge: `code_challenge`
RFC 7636 section 4.6    PKCE: `code_verifier`
RFC 7662 section 2      introspection: `introspection_endpoint`
RFC 8252 section 7.3    loopback redirects: `redirect_uris`
RFC 8414 section 3      authorization server metadata: `metadata`
RFC 8705 section 2.1    PKI mutual-TLS method: `tls_client_auth`
RFC 8705 section 2.2    self-signed method: `self_signed_tls_client_auth`, `jwks_uri`
RFC 8705 section 3      certificate-bound access tokens: `token_endpoint`
RFC 8705 section 3.1    the `cnf` of a JWT: `access_tokens`
RFC 8705 section 3.2    the `cnf` of an introspection answer: `introspection_endpoint`
RFC 8705 section 3.3    `tls_client_certificate_bound_access_tokens`: `metadata`
RFC 8705 section 4      public clients: `client_authentication`, `refresh_token`
RFC 8705 section 5      `mtls_endpoint_aliases`: `metadata`, and `wiring` serves them
RFC 9068 section 2      JWT access tokens: `access_tokens`, `signing_keys`
RFC 9126 section 2      pushed authorization requests: `pushed_authorization_request`
RFC 9126 section 4      what the browser brings: `pending_requests`
RFC 9207 section 2      `iss` in the answer: `authorization_response`
OpenID Connect Core     ID tokens, UserInfo, requested claims: `id_token`,
                        `userinfo_endpoint`, `requested_claims`
"""
