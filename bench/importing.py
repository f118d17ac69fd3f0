"""What importing the Gateway client costs beside `import grpc` alone, each time in a process of its own."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Sequence

from bench._figures import Figure

__all__ = ["importing"]

AIM_SECONDS = 0.25
_PROGRAM = """
import time
begin = time.perf_counter(), time.process_time()
import grpc
middle = time.perf_counter(), time.process_time()
import hlf_client.gateway
end = time.perf_counter(), time.process_time()
print(middle[0] - begin[0], end[0] - middle[0], end[1] - middle[1])
"""


async def importing(*, count: int) -> list[Figure]:
    """The medians of `count` processes."""
    runs = [_run() for _ in range(count)]
    grpc, ours, processor = (statistics.median(each) for each in zip(*runs, strict=True))
    name = "import hlf_client.gateway, after import grpc"
    return [
        Figure(name, ours, "s", grpc, "s: import grpc", f"<= {AIM_SECONDS} s", ours <= AIM_SECONDS),
        Figure(f"{name}: of the processor", processor, "s"),
    ]


def _run() -> Sequence[float]:
    command = [sys.executable, "-c", _PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [float(each) for each in done.stdout.split()]
