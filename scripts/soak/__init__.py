"""
Does a hostile flood starve an ordinary client?

`make soak` starts a deployment of its own on free ports of loopback, measures an
ordinary client alone, then beside each flood, then alone again, and judges by ratios.

`asking`                     a plain client: standard library only, no code of ours
`ordinary_client`, `sign_in` who must not be starved
`floods/`                    who tries, each in a process of its own; `flooding` is
                             this end of it
`figures`, `verdict`         what was measured, and how it is judged
`rows`, `table`              the course of a run, and its lines

May import `scripts.deployment`, `scripts.headless` and `pki`.
"""
