"""
How is the demo shown: how much of it, how fast, and what remains in the end?

`manner`       what somebody asked for, and who tells it so
`showing`      which acts are told; the others are played, and heard
`pages`        what was told, to be shown once more; `key_presses` turn them
`closing`      the verdict, what was learnt, what to open and to type next
`live_guide`   the same for what is played live

May import `scripts.telling` and `scripts.walkthrough.story`.
"""
