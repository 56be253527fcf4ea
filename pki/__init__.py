"""
What the three nodes share: who anyone is, the two ends of a mutual-TLS HTTP/1.1
connection, and how a node runs.

Nothing here knows OAuth, and nothing here knows the nodes. From the top floor down:

`issuing`        the test PKI, issued and reissued: `python -m pki`
`node`           how a node runs: configuration, process, signals, files that last
`mtls`           TLS and HTTP/1.1, both ends
`observability`  what a node says about what happened: log and recording
`html`           pages: templates, style sheets, documents
`http`           requests, answers, routes: plain values
`chain`          whether a chain leads to a root, and is not revoked
`names`          distinguished names, and when two match

`peer`, `thumbprint`, `pem`, `keys`, `jwk_set`, `alternative_names`, `extensions`,
`unreadable_parts` and `malformed` are about one certificate; `der` takes DER apart.
"""
