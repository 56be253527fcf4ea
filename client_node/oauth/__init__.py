"""
The library: how does a client obtain a token, and use it?

Every exchange is a pair: `request_…` gives the HTTP answer, `judge_…` says what it
means. `flow` and `discovered_server` put the folders together: `requests`, `metadata`,
`token`, `authorization`. Imports `pki` alone; `mutual_tls_identity` gives one its
connections, and nothing else here knows Twisted or pyOpenSSL.
"""
