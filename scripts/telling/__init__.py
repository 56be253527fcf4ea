"""
The demo in a terminal: what is on the page, told as it happens.

`narration`         acts and steps; `summary` at the end, of `summary_rows`
`told_exchanges`    who asked whom; `told_messages`, `told_bodies`, `told_decisions`
`thumbprint_lines`  a certificate's thumbprint above the one in the token
`seen_jwts`         a JWT, taken apart where it occurs first
`ink`               one colour for each holder of a certificate
`terminal`          lines that fit, harmless and in colour; `columns` measures them
`key_presses`       a lecturer's Enter
"""
