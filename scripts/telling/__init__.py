"""
The demo in a terminal: what is on the page, told as it happens.

`narration`         acts and steps; `summary` at the end, of `summary_rows`
`exchanges`         who asked whom; `messages`, `bodies`, `decisions`
`thumbprints`       a certificate's thumbprint above the one in the token
`jwts`              a JWT, taken apart where it occurs first
`holder_colours`    one colour for each holder of a certificate
`terminal`          lines that fit, harmless and in colour; `columns` measures them
`key_presses`       a lecturer's Enter

May import `scripts.walkthrough.story`.
"""
