"""
How are certificates and revocation lists issued, and the deployment's laid down?

May import `pki.node`, `pki.names` and the modules of `pki` itself; knows neither
Twisted nor pyOpenSSL.
"""
