"""
Which steps does an act share with another, or tell as one thing?

`code_flow` and `approval` are steps that several acts have; the others are the end of
one. May import what an act may, and no act.
"""
