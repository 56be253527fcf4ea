"""
What does the web application keep, and what does each operation promise?

Imports `pki` alone; knows neither Twisted nor pyOpenSSL.
"""
