"""
Which words of the RFCs do all endpoints speak? Parameters, errors, scopes, PKCE.

And what binds a token to its sender. Values and rules about values. May import `pki`
alone; knows neither Twisted nor pyOpenSSL.
"""
