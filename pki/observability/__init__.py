"""
What does a node say about what happened? Its log, and its recording.

Two things: the log never holds a token, the recording holds whole messages. `witness`
tells both. May import `pki.http`.
"""
