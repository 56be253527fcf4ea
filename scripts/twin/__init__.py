"""
Servers that do it wrong, to be compared with those that do it right.

Started by the demo alone, on loopback ports that the system chooses, gone when it ends.
The bearer twins issue and accept a token that is bound to nothing, as RFC 6750 has it.
The careless authorization server computes thumbprints in the ways seen in the wild, for
a resource server of ours to refuse. The careless cache keeps its verdict about a token,
beside a resource server of ours that keeps introspection responses.

None of this is shared with `as_node` or `rs_node`: there is no switch in them that
could be left on. `own_resource_server` makes a resource server of `rs_node`, as it is,
and nothing else here imports more of a node than its configuration.
"""
