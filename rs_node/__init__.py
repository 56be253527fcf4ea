"""
The resource server: the bank's API, for its corporate clients and for customers.

It accepts certificate-bound access tokens and nothing else. What is implemented,
and where:

RFC 8705 section 3, 3.1    `certificate_binding`
RFC 8705 section 3.2       `introspection`
RFC 8705 section 5         `server_metadata` (the alias of the introspection endpoint)
RFC 8705 section 6.2       `wiring` (any certificate), `certificate_expiry` (a switch)
RFC 6750 sections 2.1, 3   `bearer_token`, `challenges`
RFC 7662 sections 2, 4     `introspection`
RFC 8414 section 3         `server_metadata`
RFC 9068 section 4         `token_validation`, `signed_token`, `claims`
RFC 9728 sections 2, 5.1   `resource_metadata`, `challenges`
FAPI 2.0 section 5.3.4     `authorization` (the order of the checks)
FAPI 1.0 part 1, 6.2.1     `interaction_id`
UK Open Banking v4.0       `open_banking`, `consents`, `consent_store`

`backchannel` is for the bank's own authorization server, `customers` is the data.
Where this differs from the standards is in README.md beside this file.
"""
