"""
The deployment's servers, and who talks to them, over a network in memory.

Here is what the tests of more than one package need: real TLS, real handshakes, and
no socket, no port and no wait. There are no tests here.
"""
