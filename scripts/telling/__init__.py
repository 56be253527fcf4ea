"""
The demo in a terminal: what is on the page, told as it happens.

`narration`         everything; `summary` at the end, of `summary_rows`
`brief`             a line a step; of what an act is about the `gist`, with `figures`
`exchanges`         who asked whom; `messages`, `bodies`, `decisions`
`thumbprints`       a certificate's thumbprint above the one in the token
`jwts`              a JWT, taken apart where it occurs first
`holder_colours`    one colour for each holder of a certificate
`terminal`          lines that fit, harmless and in colour; `columns` measures them

May import `scripts.walkthrough.story`.
"""
