"""
An authorization server made with Authlib, for gunicorn.

It runs in an environment of its own (`requirements.txt`) and imports nothing of ours.
"""
