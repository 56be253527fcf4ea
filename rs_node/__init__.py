"""
The resource server: the bank's API, for its corporate clients and for customers.

It accepts certificate-bound access tokens and nothing else.

`corporate_endpoint`    a client's own accounts
`open_banking`          a customer's accounts, as far as her consent goes
`backchannel`           the bank's own authorization server reads and decides consents
`access`                may this request be answered? From the header to the verdict
`authorization_server`  what the authorization server says of itself and of tokens
`consents`              what a customer lets a client see, and until when
`bank_data`             accounts and what happens on them: made up, and stable

`wiring` puts them together, from the configuration (`config`). What is implemented:

RFC 8705 section 3, 3.1    `access.certificate_binding`
RFC 8705 section 3.2       `access.introspection`
RFC 8705 section 5         `authorization_server.metadata` (the alias of the
                           introspection endpoint)
RFC 8705 section 6.2       `wiring` (any certificate), `access.certificate_expiry` (a
                           switch)
RFC 6750 sections 2.1, 3   `access.bearer_token`, `access.challenges`
RFC 7662 sections 2, 4     `access.introspection`
RFC 8414 section 3         `authorization_server.metadata`
RFC 9068 section 4         `access.token_validation`, `access.signed_token`,
                           `access.claims`
RFC 9728 sections 2, 5.1   `resource_metadata`, `access.challenges`
Token Status List 4, 8     `access.token_status`, `authorization_server.status_lists`
FAPI 2.0 section 5.3.4     `access.access_control` (the order of the checks)
FAPI 1.0 part 1, 6.2.1     `access.interaction_id`
UK Open Banking v4.0       `open_banking`, `consents`

Where this differs from the standards is in README.md beside this file.
"""
