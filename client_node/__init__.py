"""
The banking client: a TPP, as a library, a command line and a process.

What it implements, and where:

RFC 6749 section 4.4      the client credentials grant: `token_request`, `flow`
RFC 6749 sections 5.1, 5.2  token and error responses: `token_request`,
                          `endpoint_request`
RFC 6750 sections 2.1, 3  bearer tokens and challenges: `resource_request`,
                          `challenges`
RFC 7009 section 2        revocation: `revocation_request`
RFC 7517 section 5        the JWK set behind `jwks_uri`: `jwks_document`
RFC 7662 section 2        introspection, as a resource server asks:
                          `introspection_request`
RFC 8414 section 3        metadata, its issuer compared: `server_metadata`
RFC 8705 section 2        `client_id` in every request: `endpoint_request`
RFC 8705 section 2.2.2    a self-signed certificate published: `jwks_document`
RFC 8705 section 3        a token sent with its certificate: `resource_request`
RFC 8705 section 5        `mtls_endpoint_aliases`: `server_metadata`
RFC 8705 section 6.3      a renewed certificate: `token_cache`, `flow`

Every exchange is a pair: `request_…` gives the HTTP answer, `judge_…` says what it
means. Whoever wants to see the answer, or to send another request, stands between.
"""
