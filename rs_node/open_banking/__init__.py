"""
The Open Banking accounts API: UK Open Banking Read/Write v4.0, account information.

Below `/open-banking/v4.0/aisp/`. A client asks for a consent with a token of its own
and reads accounts with a token of its customer's, which names that consent.

`consents_endpoint`       account-access-consents: create, read, delete
`consent_request`         what a client may ask for, and what it may not
`permissions`             the permission codes, and which need which
`consented_access`        whether a token's consent covers a request: order of checks
`accounts_endpoint`       accounts and balances, `transactions_endpoint` transactions
`account_json`, `transaction_json`    what is shown, by permission
`transaction_query`       the filters, and the pages
`content_negotiation`     `Accept` and `Content-Type`
`customer_headers`        the `x-fapi-` headers about the customer
`envelope`, `refusals`    the envelope of an answer, `OBErrorResponse1`
`error_responses`         every refusal in its form
`date_times`              ISO 8601 as this API reads and writes it

Where it differs from the standard is in the package's README. May import
`rs_node.access`, `rs_node.consents` and `rs_node.bank_data`.
"""
