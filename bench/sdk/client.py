"""Our client under load: `python -m bench.sdk.client CONNECTION CALL IN_FLIGHT COUNT WARM_UP`.

Prints one line of JSON: operations, wall seconds and CPU seconds of the timed part, failures. go/main.go and
node/main.js do the same with the official SDKs.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from itertools import count
from pathlib import Path

from bench.sdk.connection import Connection

from hlf_client.errors import FabricError
from hlf_client.gateway import GatewayLedger, Profile


async def main(path: str, call: str, in_flight: str, operations: str, warm_up: str) -> None:
    where = Connection.read(Path(path))
    profile = Profile.read(where.profile)
    async with GatewayLedger.connect(profile, profile.identity(where.user), chaincode=where.chaincode) as ledger:
        await drive(ledger, where, call, where.warm_up_in_flight, int(warm_up))
        cpu, begun = cpu_seconds(), time.perf_counter()
        failures = await drive(ledger, where, call, int(in_flight), int(operations))
        seconds = time.perf_counter() - begun
        used = cpu_seconds() - cpu
    print(json.dumps({"operations": int(operations), "seconds": seconds, "cpu": used, "failures": failures}))


async def drive(ledger: GatewayLedger, where: Connection, call: str, in_flight: int, operations: int) -> int:
    """So many operations, `in_flight` at once; how many failed or were answered wrongly."""
    numbers, failures = count(), 0
    value, written = where.value.encode(), where.written.encode()

    async def work() -> None:
        nonlocal failures
        while (number := next(numbers)) < operations:
            key = f"key-{number % where.keys}"
            try:
                if call == "evaluate":
                    right = await ledger.evaluate(where.channel, "kv:get", key) == value
                else:
                    right = (await ledger.submit(where.channel, "kv:put", key, value)).result == written
            except FabricError as error:
                print(error, file=sys.stderr)
                right = False
            failures += not right

    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(work())
    return failures


def cpu_seconds() -> float:
    """What this process has used, in user and system mode."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
