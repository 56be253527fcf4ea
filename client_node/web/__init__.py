"""
The web application: how does a customer connect her bank, and what does she see?

`wiring` puts it together. `pages` are what she sees, `journey` is what happens, `store`
is what is kept.
"""
