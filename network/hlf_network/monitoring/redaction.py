"""Secrets taken out of text that leaves the house: keys, passwords and tokens as they stand in logs and settings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["REMOVED", "redacted", "secret_values"]

REMOVED: Final = "[removed]"
_WORDS = r"pass(?:word|wd|phrase)?|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|pin"
_NAME = re.compile(
    r"pass(?:w|phrase)|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|"
    r"(?:^|[_.-])(?:pass|pin|pw|pwd|auth|dsn|key)s?(?:$|[_.-])",
    re.IGNORECASE,
)
"""Of a setting: more of them are taken for secrets than of the words in a log."""
_IN_ADDRESS = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")
_PRIVATE_DATA = "private_rwset|private_data|payload|transient_map|value"
"""What holds values in the messages that a node at log level debug writes out."""
_PATTERNS: Final = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    re.compile(
        r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/=]{16,100}(?:\s|\\n){1,4}){1,80}-----END [A-Z ]*PRIVATE KEY-----"
    ),  # whose beginning was cut off
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
    re.compile(r"(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"(?<=[Bb]asic )[A-Za-z0-9+/=]{8,}"),
    re.compile(
        rf"(?<![\w.-])(?P<name>[\w.-]*(?:{_WORDS})[\w.-]*[\"']?\s*[=:]\s*)"
        r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[\"']?[^\s\"',;]+)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<name>\b(?:{_PRIVATE_DATA}):)\"(?:[^\"\\]|\\.)*\""),
)
SHORTEST: Final = 4
"""Shorter values would be taken out of every other word."""


def secret_values(environment: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The values among settings whose names say that they are secret, and the passwords in addresses among them."""
    found = set[str]()
    for name, value in environment:
        found.update(_IN_ADDRESS.findall(value))
        if _NAME.search(name):
            found.add(value)
    return frozenset(value for value in found if len(value) >= SHORTEST)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without what looks like a secret, and without these very values wherever they stand."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, REMOVED)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: (found.groupdict().get("name") or "") + REMOVED, text)
    return text
