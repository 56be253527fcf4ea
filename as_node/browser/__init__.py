"""
What does every page of ours have, and which authorization request is it about?

`pending_requests` finds the request, `sessions` who is at the browser; `frame`, `forms`
and `csrf` are what the pages are made of.

Plain HTML, no script. The templates are XML for `twisted.web.template`: whatever is
filled into one of their slots is escaped there, so no name that a client or a
customer chose can become markup. A page stands beside the step that shows it.

May import `as_node.authorization`, `as_node.clients`, `as_node.tokens`, `as_node.store`
and `as_node.protocol`.
"""
