"""
How is a story shown? As HTML, as JSON, as Mermaid; `browser/` is what runs in it.

Of its folders each draws one thing: `elements`, `certificates` and `thumbprints` are
what the `picture`, the `evidence` and the `step` are built of; `start` is the first
screen, `going` how one gets about, `live` what comes while it happens, `paper` the
print.

May import `explanations` and `story`.
"""
