"""English of messages that name what they are about."""

from __future__ import annotations

__all__ = ["with_article"]


def with_article(noun: str) -> str:
    """`a peer`, `an orderer`, `an invoice`: by the first letter, which holds for roles, steps and kinds of paper."""
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"
