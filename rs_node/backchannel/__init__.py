"""
The back channel: the authorization server reads consents, and reports decisions.

The bank's consents are kept here; the authorization server shows them to the
customer. It is known by its certificate, and nobody else is let in.

`authentication`     that it is the authorization server
`decision_request`   what it reports
`endpoint`           the two requests

May import `rs_node.consents` and `rs_node.bank_data`; knows neither Twisted nor
pyOpenSSL.
"""
