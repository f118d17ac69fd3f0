"""Members with a folder each on one Docker engine, who do what a page says: its lines `member$ command`, in order.

They reach each other at the address of Docker's own bridge, as hosts do by theirs; each has its ports there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from eximledger.cli import main
from hlf_network.engine.docker import Engine
from hlf_network.hosts import fingerprint, read_block
from hlf_network.material.layout import write_public

__all__ = ["BRIDGE", "PLANTED", "Line", "Operators", "lines_of"]

BRIDGE = "172.17.0.1"
"""docker0, which containers of every network reach."""
EXAMPLE = Path(__file__).parents[2] / "examples/hosts"
FIRST_PORT = 17050
PREFIX = "year"
WARNED = 3
"""The exit code of a state that is well today: a certificate expires soon."""
SOON = {"customs": "certificates: {days: 25}\n"}
"""Whose certificates the year's renewal finds."""
PLANTED_AT, PLANTED = "customs", "planted-98765"
"""Whose nodes have passwords in their environment, which a bundle must not have."""


@dataclass(frozen=True)
class Line:
    """A line of the page: on whose hosts, what."""

    hosts: tuple[str, ...]
    command: str
    number: int


def lines_of(page: Path) -> tuple[Line, ...]:
    """Every command of the page, by its prompt; `each` stays as it is."""
    found = []
    for number, text in enumerate(page.read_text().splitlines(), start=1):
        if match := re.fullmatch(r" {4}([a-z,]+)\$ (.+)", text):
            found.append(Line(tuple(match[1].split(",")), match[2], number))
    return tuple(found)


@dataclass(frozen=True)
class _Done:
    stdout: str
    stderr: str
    code: int


def simple_commands(command: str) -> Iterator[str]:
    """What a shell would run of a line, one after the other: `for NAME in ...; do ...; done` and `&&` unrolled."""
    if loop := re.fullmatch(r"for (\w+) in ([\w ]+); do (.+); done", command):
        for value in loop[2].split():
            yield from simple_commands(loop[3].replace(f"${loop[1]}", value))
    else:
        yield from command.split(" && ")


def _in_shell(command: str) -> _Done:
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    return _Done(done.stdout, done.stderr, done.returncode)


def _remove_nodes(member: str) -> None:
    engine = Engine.connect(f"{PREFIX}-{member}")
    try:
        engine.remove([state.name for state in engine.containers()])
        engine.remove_volumes(engine.volumes())
        engine.remove_network()
    finally:
        engine.close()


def _images() -> list[str]:
    wanted = f"--filter reference='{PREFIX}-*-exim-chaincode' --format '{{{{.Repository}}}}:{{{{.Tag}}}}'"
    return _in_shell(f"docker images {wanted}").stdout.split()


def _called(command: str) -> _Done:
    """One of our own commands, its words as a shell expands them."""
    words, _, target = command.partition(" > ")
    expanded = _in_shell(f"printf '%s\\0' {words.removeprefix('eximledger ')}").stdout.split("\0")[:-1]
    result = CliRunner().invoke(main, expanded)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if target:
        Path(target).write_text(result.stdout)
    return _Done(result.stdout, result.stderr, result.exit_code)


@dataclass
class Operators:
    """Everyone with their folder. A member is there from the first line that names it on."""

    root: Path
    present: list[str]
    ports: dict[str, int] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    """What was said last, by member."""

    @property
    def shared(self) -> Path:
        return self.root / "shared"

    def begin(self) -> None:
        self.shared.mkdir()
        (self.root / "backups").mkdir()
        for file in (EXAMPLE / "channels").iterdir():
            shutil.copy(file, self.shared)
        for member in self.present:
            self.settle(member)

    def settle(self, member: str) -> None:
        """A folder with the example's member.yaml, as this machine has it: one address, ports of one's own."""
        folder, port = self.root / member, FIRST_PORT + 10 * len(self.ports)
        self.ports[member] = port
        folder.mkdir()
        (folder / "shared").symlink_to(self.shared)
        text = (EXAMPLE / "members" / f"{member}.yaml").read_text()
        text = re.sub(
            r"^address: \S+", f"name: {PREFIX}-{member}\nfolder: {member}\naddress: {BRIDGE}", text, flags=re.M
        ) + SOON.get(member, "")
        if member == PLANTED_AT:
            text = text.replace("port: 7051}", f"port: 7051, environment: {{NOTARY_PASSWORD: {PLANTED}}}}}")
            text = text.replace("- name: exim\n", f"- name: exim\n    environment: {{NOTARY_TOKEN: {PLANTED}2}}\n")
        (folder / "member.yaml").write_text(self._with_ports(member, text))

    def do(self, line: Line) -> dict[str, str]:
        """Have a line done by whom it names; what each said. Raises RuntimeError with what was said."""
        hosts = tuple(self.present) if line.hosts == ("each",) else line.hosts
        for host in hosts:
            if host not in self.present:
                self.present.append(host)
                self.settle(host)
        self.told = {}
        for host in hosts:
            self._share_image(host)
            self.told[host] = self._run(host, line)
        self._read_out()
        return self.told

    def run(self, member: str, command: str, *, check: bool = True) -> str:
        """A command line in the member's folder, as its shell would; what it says. Raises RuntimeError.

        Our own commands run in this process: a program started a hundred times would take longer than all else.
        """
        said = []
        with chdir(self.root / member):
            for simple in simple_commands(self._with_ports(member, command)):
                done = _called(simple) if simple.startswith("eximledger ") else _in_shell(simple)
                said.append(done.stdout)
                if check and done.code not in {0, WARNED}:
                    raise RuntimeError(f"{member}$ {simple}: exit code {done.code}: {done.stdout}{done.stderr}")
        return "".join(said)

    def burn(self, member: str) -> None:
        """The host is lost: containers, disks and the folder that the driver made. member.yaml is kept elsewhere."""
        _remove_nodes(member)
        shutil.rmtree(self.root / member / member)

    def end(self) -> None:
        for member in self.present:
            _remove_nodes(member)
        for image in _images():
            _in_shell(f"docker rmi {image}")

    def _share_image(self, member: str) -> None:
        """The contracts' image as if this member had built it: the same sources give the same digest."""
        for image in _images():
            _in_shell(f"docker tag {image} {re.sub(rf'^{PREFIX}-[a-z]+', f'{PREFIX}-{member}', image)}")

    def _run(self, member: str, line: Line) -> str:
        try:
            return self.run(member, line.command)
        except RuntimeError as error:
            raise RuntimeError(f"line {line.number}: {error}") from None

    def _with_ports(self, member: str, text: str) -> str:
        return text.replace("7050", str(self.ports[member])).replace("7051", str(self.ports[member] + 1))

    def _read_out(self) -> None:
        """As members do by telephone, each writes down the fingerprints of the channels that there are."""
        for block, member in self._untold():
            write_public(self.root / member / f"{block.stem}.fingerprint", fingerprint(read_block(block)).encode())

    def _untold(self) -> Iterator[tuple[Path, str]]:
        blocks: Sequence[Path] = sorted(self.shared.glob("*.block"))
        for block in blocks:
            for member in self.present:
                if not (self.root / member / f"{block.stem}.fingerprint").is_file():
                    yield block, member
