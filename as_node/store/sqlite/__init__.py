"""
How are the promises of `as_node.store` kept, in one SQLite file?

May import `as_node.store`, `as_node.protocol` and `pki`. Only `group_commit` knows the
reactor: what is written in one of its turns shares one COMMIT.
"""
