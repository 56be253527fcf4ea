"""
Who is measured, how is it set up, and does it do the same work?

`contender`  what a contender is, and what it says of itself when it runs
`site`       where they are: folders, certificates, cores
`child`      a server as a process of its own
`packages`   pinned packages, by the ordinary clients of the registries
`requests`   what is asked of them
`checking`   that a token is bound, and that a thief gets nothing
`rotation`   tokens of many certificates, obtained before
`ours`       the nodes as shipped
`hello`, `nginx`, `s_server` yardsticks that know no OAuth
`oidc_provider`, `authlib_gunicorn`, `keycloak`  others' authorization servers

Imports `scripts.bench.load`, `clients` and `cores`, `scripts.deployment` and `pki`.
"""
