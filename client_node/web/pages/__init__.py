"""
What does the customer see? A file a page, its template beside it.

Plain HTML, no script. `site` puts the frame around every page; what is only an element
or two is written where it is used, with `tags`.

May import `client_node.web.journey`, `client_node.web.store`,
`client_node.open_banking` and `client_node.oauth`.
"""
