"""
How does a node run? Configuration, process, signals, and files that last.

`sqlite_file` opens a node's database; which tables it has is the node's to say.

May import every other folder of `pki` but `pki.issuing`.
"""
