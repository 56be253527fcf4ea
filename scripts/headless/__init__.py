"""
A browser that has no screen: how does a customer get from page to page?

It keeps cookies, follows redirects, fills in forms and holds to the policies of the
pages as a real one does; it runs no script and has no certificate. How a request
travels is an argument, so the demo sends it with our own client and the tests in
memory or over sockets. Who sits at it, and what she wants, is not its business.

Imports `pki` alone.
"""
