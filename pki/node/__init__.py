"""
How does a node run? Configuration, process, signals, and files that last.

May import every other folder of `pki` but `pki.issuing`.
"""
