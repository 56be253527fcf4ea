"""
What is a request, what is an answer, and who handles which?

Plain values: a handler takes a `Request` and returns a `Response`, or raises a
`Refusal`, which knows its own. `journal` is what was decided on the way, `routes` who
answers; `answers` is what a client hears.

May import the modules of `pki` itself; knows neither Twisted nor pyOpenSSL.
"""
