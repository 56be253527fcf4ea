"""
Banks that do as a test tells them, and the client's web application, in memory.

There are no tests here.
"""
