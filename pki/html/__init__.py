"""
How does a page become bytes? Its template, its style sheet, and the document of both.

The templates are XML for `twisted.web.template`: whatever is filled into one of their
slots is escaped there, so no name that a client, a customer or a bank chose can become
markup. What stands on a page, and under which policy, is its node's.

Imports nothing of `pki`.
"""
