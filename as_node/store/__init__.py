"""
What is kept, and what does each operation promise?

Interfaces, and the records they take and give. An engine that keeps the promises stands
in a folder of its own, `sqlite`. May import `as_node.protocol`; knows neither Twisted
nor pyOpenSSL.
"""
