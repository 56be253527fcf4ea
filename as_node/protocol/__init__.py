"""
Which words of the RFCs do all endpoints speak? Parameters, errors, scopes, PKCE.

Values and rules about values. May import `pki` alone; knows neither Twisted nor
pyOpenSSL.
"""
