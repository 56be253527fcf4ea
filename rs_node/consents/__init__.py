"""
What did a customer let a client see, and until when?

`consent` is the value, `store` its promises, `database` the file. May import `pki`
alone; knows neither Twisted nor pyOpenSSL.
"""
