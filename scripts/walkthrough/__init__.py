"""
The walk-through: what the three nodes did, as a page to look at.

A view of the nodes' recordings and of nothing else: no node knows of it. `make demo`
writes the page for good, with all it shows inside (`files`); `make up` serves the same
page live, as a process of its own that `wiring` puts together. From the top floor down:

`serving`       where it is served, and to whom
`live`          the story while it happens
`page`          the page, as HTML and JSON, and as Mermaid; `page/browser/` runs in it
`evidence`      from events to exchanges, with what was decided
`explanations`  what the rules, the names and the deciding functions mean
`curl`          requests for the shell
`certificates`  certificates in words
`story`         acts, steps, exchanges: plain values
`recordings`    the nodes' events, all of them or as they come
"""
