"""Logs as one JSON object a line. Nothing that a caller or a document said gets into them: no payloads, no keys."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

__all__ = ["JsonFormatter", "log_as_json", "portable", "replay"]

_EXTRA: Final = ("channel", "transaction", "peer", "streams", "in_flight", "seconds", "port", "metrics")
"""Fields beyond time, level and message that a record may bring; others are dropped."""


class JsonFormatter(logging.Formatter):
    """time (UTC), level, logger, message, and the known extra fields. An exception shows as type and place only: its
    text may hold values."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update({name: getattr(record, name) for name in _EXTRA if hasattr(record, name)})
        if place := _place(record):
            entry["exception"] = place
        return json.dumps(entry, ensure_ascii=False, default=str)


def portable(record: logging.LogRecord) -> dict[str, object]:
    """What of a record goes from a worker to its server: as JSON, and no more than the formatter would show."""
    extra = {name: str(getattr(record, name)) for name in _EXTRA if hasattr(record, name)}
    if place := _place(record):
        extra["place"] = place
    return {
        "logger": record.name,
        "level": record.levelno,
        "created": record.created,
        "message": record.getMessage(),
        "extra": extra,
    }


def replay(logger: str, level: int, created: float, message: str, extra: dict[str, str]) -> None:
    """Log here what was logged in a worker, at its time."""
    here = logging.getLogger(logger)
    if here.isEnabledFor(level):
        record = here.makeRecord(logger, level, "(worker)", 0, message, (), None, extra=extra)
        record.created = created
        here.handle(record)


def _place(record: logging.LogRecord) -> str:
    """Where the exception was raised; "" without one."""
    if not record.exc_info or record.exc_info[0] is None:
        return str(getattr(record, "place", ""))
    kind, _, frames = record.exc_info
    name = kind.__name__ if kind else "exception"
    while frames is not None and frames.tb_next is not None:
        frames = frames.tb_next
    if frames is None:
        return name
    return f"{name} at {frames.tb_frame.f_code.co_filename}:{frames.tb_lineno}"


def log_as_json(level: str) -> None:
    """Send all logs of this process to standard error as JSON, from `level` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
