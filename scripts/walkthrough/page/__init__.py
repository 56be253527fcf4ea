"""
How is a story shown? As HTML, as JSON, as Mermaid; `browser/` is what runs in it.

May import `explanations` and `story`.
"""
