"""
The walk-through: what the three nodes did, as a page to look at.

A view of the nodes' recordings and of nothing else. `make demo` writes the page for
good, with all it shows inside; the banking client serves the same page live.

`recordings`        the nodes' events, all of them; `following` what is new
`evidence`          from events to exchanges, with what was decided;
                    `who_asked_whom` before answering whom, `lanes` where they are drawn
`certificate_facts` certificates in words; `certificate_fields`, `extension_words`,
                    `abbreviation`; `known_holders` whose they are
`message_contents`  parameters, members, bearer tokens; `unverified_jwt` what is in one
`seen_tokens`       tokens, and the certificate that each is bound to
`curl`              requests for the shell; `sent_again`, `curl_script`, `shell`,
                    `shell_certificates`
`story`             acts, steps, exchanges: plain values; `outcome` what came
`live_story`        the same while it happens; `gathering` what belongs to one step
                    (`happenings`), `step_titles` how to call it
`live_evidence`     what recordings that still grow prove; `nesting` what was asked for
                    what
`in_the_clear`      what others see of a handshake
`sources`           the functions that decided, as they are written; `rules` and
                    `glossary` what rules and names mean
`mermaid`           acts as sequence diagrams
`story_json`        the same as JSON, which the page is made from
`page`              the page itself; what runs in the browser is in `browser/`
`live_pages`        where it is served live: the story of `live_walkthrough`, by what is
                    new (`live_changes`); `finished_page` that of the last demo
"""
