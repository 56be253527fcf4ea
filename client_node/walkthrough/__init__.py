"""
The walk-through: what the three nodes did, as a page to look at.

A view of the nodes' recordings and of nothing else. `make demo` writes the page for
good, with all it shows inside; the banking client serves the same page live.

`recordings`        the nodes' events, read while they are written
`evidence`          from events to exchanges: who asked whom, and what was decided
`story`             acts, steps, exchanges: plain values
`story_json`        the same as JSON, which the page is made from
`page`              the page itself; what runs in the browser is in `browser/`
"""
