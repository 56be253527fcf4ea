"""
What becomes of the nodes when there is a lot of something?

`kinds`   what there can be a lot of, and how it is brought about
`rows`    nodes of their own for each amount, and what is measured of them
`table`   the rows as lines
`run`     one kind after the other

Beyond what other folders here may import: `as_node.store.sqlite`, whose tables are
filled as if the node had done so, since a million tokens by HTTP take half an hour.
"""
