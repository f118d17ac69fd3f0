"""A worker that misbehaves on demand: only the standard library, the pipe's frames, and no hfc."""

from __future__ import annotations

import json
import os
import struct
import sys

held: list[int] = []
"""Numbers of requests that are kept waiting."""
cancelled: list[int] = []


def send(body: bytes) -> None:
    sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
    sys.stdout.buffer.flush()


def answer(number: int, value: object) -> None:
    send(json.dumps({"id": number, "ok": {"value": value}}).encode())


def heed(request: dict[str, object]) -> None:
    number = int(str(request.get("id", 0)))
    match request["verb"]:
        case "cancel":
            cancelled.append(int(str(request["of"])))
        case "echo":
            answer(number, request["value"])
        case "hold":
            held.append(number)
        case "release":
            for each in reversed(held):
                answer(each, each)
            held.clear()
            answer(number, "released")
        case "seen":
            answer(number, {"held": len(held), "cancelled": len(cancelled), "pid": os.getpid()})
        case "refuse":
            send(
                json.dumps({"id": number, "error": {"kind": "rpc", "code": "UNAVAILABLE", "details": "gone"}}).encode()
            )
        case "die":
            sys.stderr.write("what it said last\n")
            sys.stderr.flush()
            os._exit(7)
        case "garbage":
            send(b"\x00\xff no JSON")
        case "list":
            send(b"[1, 2]")
        case "stranger":
            send(b'{"ok": {}}')
        case "oversized":
            sys.stdout.buffer.write(struct.pack(">I", 2**31))
            sys.stdout.buffer.flush()
        case "cut":
            sys.stdout.buffer.write(struct.pack(">I", 100) + b"half")
            sys.stdout.buffer.flush()
            os._exit(0)


while True:
    header = sys.stdin.buffer.read(4)
    if len(header) < 4:
        sys.exit(0)
    heed(json.loads(sys.stdin.buffer.read(struct.unpack(">I", header)[0])))
