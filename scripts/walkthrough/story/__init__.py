"""
What is a story? Acts, steps, exchanges: plain values, and what can be read off them.

May import `recordings`, `pki` and the client's reading of challenges.
"""
