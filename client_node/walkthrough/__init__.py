"""
The walk-through: what the three nodes did, as a page to look at.

A view of the nodes' recordings and of nothing else. `make demo` writes the page for
good, with all it shows inside; the banking client serves the same page live.

`recordings`        the nodes' events, read while they are written
`evidence`          from events to exchanges: who asked whom, and what was decided
`certificate_facts` certificates in words; `certificate_fields`, `extension_words`
`seen_tokens`       tokens, and the certificate that each is bound to
`curl`              requests for the shell; `sent_again`, `curl_script`, `shell`,
                    `shell_certificates`
`story`             acts, steps, exchanges: plain values
`in_the_clear`      what others see of a handshake
`sources`           the functions that decided, as they are written
`mermaid`           acts as sequence diagrams
`story_json`        the same as JSON, which the page is made from
`page`              the page itself; what runs in the browser is in `browser/`
"""
