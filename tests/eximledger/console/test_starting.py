"""The console of one local officer starts in a second or two: measured in CPU, and held by what it does not import."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Final
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from eximledger.testing import exim_ledger

MOST: Final = 3.5
"""CPU seconds until the first page: twice what it takes (1.3 to 2.0), for machines that are slower or full."""
_LATER: Final = ("alembic", "grpc", "openpyxl", "PIL", "pypdf", "reportlab", "xlrd", "eximledger.formats._known")
"""What is imported when it is wanted: to migrate, to reach Fabric, to read a paper, to print one."""
_MADE: Final = """
import sys
from eximledger.cli.hosting.console import console
from eximledger.serving import Settings, application
application(Settings(ledger=sys.argv[1], officer="eximbank/maker"))
print(*sorted(name for name in sys.argv[2:] if name in sys.modules))
"""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("starting") / "exim.db"
    exim_ledger(path).close()
    return f"embedded:{path}"


def test_an_application_is_made_without_what_no_first_page_needs(ledger: str) -> None:
    command = [sys.executable, "-c", _MADE, ledger, *_LATER]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the CPU time of another process is read from /proc")
def test_the_first_page_takes_little_cpu(ledger: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": str(tmp_path)}
    first_page(ledger, environment)  # compiles, as an installer does
    assert first_page(ledger, environment) < MOST


def first_page(ledger: str, environment: dict[str, str]) -> float:
    """The CPU seconds of a console until its first page is there."""
    command = [
        sys.executable,
        "-c",
        "from eximledger.cli import main; main()",
        "console",
        "--no-browser",
        "--ledger",
        ledger,
    ]
    with subprocess.Popen(
        [*command, "--as", "eximbank/maker"], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        with browser.open(process.stdout.readline().strip()) as page:
            assert "maker@eximbank" in page.read().decode()
        spent = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        process.send_signal(signal.SIGINT)
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")
