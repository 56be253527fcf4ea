"""Access tokens, made and kept at once."""

from typing import Any

from as_node.tokens.access_tokens import AccessToken, AccessTokens


async def issued(
    tokens: AccessTokens, *about: Any, **how: Any
) -> tuple[str, AccessToken]:
    """A token as `AccessTokens.draft` makes it, issued, and what it says."""
    draft = await tokens.draft(*about, **how)
    await tokens.keep(draft)
    return draft.text, draft.says
