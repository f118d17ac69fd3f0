"""Spans and metrics, when the process has OpenTelemetry set up; nothing is done, and next to nothing spent, when not.

A span for each call of a gateway (its attempts included), below one for the whole of a `submit`; its context travels to
the peer. A histogram of seconds, and counters of failures and of repetitions. They name channel, chaincode, function,
transaction, peer and status. Arguments, results, transient data, keys and texts of errors, which may quote them, are
never part of it.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Final, Protocol

from hlf_client.gateway._observation import Observation, Subject

__all__ = ["observe", "observe_submit", "reopened"]

_UNSEEN: Final = Observation()


class Recording(Protocol):
    """The module `_recording`."""

    def call(self, method: str, subject: Subject) -> Observation: ...

    def whole(self, subject: Subject) -> Observation | None: ...

    def reopened(self, method: str, channel: str, code: str) -> None: ...


def observe(method: str, subject: Subject) -> Observation:
    """Watch a call of the gateway service."""
    recording = _recording()
    return _UNSEEN if recording is None else recording.call(method, subject)


def observe_submit(subject: Subject) -> Observation:
    """Watch a transaction from its proposal to its commit."""
    recording = _recording()
    return _UNSEEN if recording is None else recording.whole(subject) or _UNSEEN


def reopened(method: str, channel: str, code: str) -> None:
    """A stream of events was dropped, and is opened again."""
    recording = _recording()
    if recording is not None:
        recording.reopened(method, channel, code)


def _recording() -> Recording | None:
    """None where nothing in this process has imported OpenTelemetry: then nobody has set it up either."""
    if sys.modules.get("opentelemetry") is None:
        return None
    return _load()


@cache
def _load() -> Recording | None:
    try:
        from hlf_client.gateway import _recording
    except ImportError:
        return None
    return _recording
