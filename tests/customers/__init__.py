"""
Who sits at a browser without a screen, in the tests: `scripts.headless` is the browser.

There are no tests here; those in a real browser are in `tests/browser`.
"""
