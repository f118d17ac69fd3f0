"""The founding case over hosts: four members, each with a Docker engine, keys and a card of its own, on one machine.

    python tools/demo_hosts.py            # and with --clear: what one has left that was killed

What is done on a host is done by that member's own commands there; what goes between hosts lies in one folder that all
of them read. At the end everything is taken away.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from docker_hosts import DockerHost, clear_hosts, docker_hosts, missing_for_hosts
from hlf_network.consortium import Chaincode, load_member
from hlf_network.engine.docker import Engine
from hlf_network.lifecycle.image import ensure_image

__all__ = ["CHANNELS", "IMAGES", "MEMBERS", "Members", "founded", "missing"]

EXAMPLE = Path(__file__).parent.parent / "examples" / "hosts"
MEMBERS = ("eximbank", "tradebank", "safe", "customs")
CHANNELS = {"customs": MEMBERS, "fx": MEMBERS[:3], "bank": MEMBERS[:3]}
IMAGES = ("hyperledger/fabric-peer:3.1.5", "hyperledger/fabric-orderer:3.1.5", "python:3.11-slim")
BUILDER = "exim-hosts"
FOLDER = "exim-hosts-"
MEMBERS_PROGRAM = (sys.executable, "-m", "hlf_network.commands")
TRADES_PROGRAM = (str(Path(sys.executable).parent / "eximledger"),)


def missing() -> str | None:
    """Why the hosts cannot be had here; None when they can."""
    return missing_for_hosts(IMAGES)


@dataclass(frozen=True)
class Members:
    """Four hosts, and the folder of public files between them."""

    hosts: Mapping[str, DockerHost]
    shared: Path

    def at(self, member: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the member's own, on its own host."""
        host = self.hosts[member]
        program = MEMBERS_PROGRAM if arguments[0] in {"member", "channel"} else TRADES_PROGRAM
        done = host.run(*program, *arguments, check=False)
        if check and done.returncode:
            words = f"eximledger {' '.join(arguments)} on {member}'s host ends with {done.returncode}"
            raise RuntimeError(f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done

    def everywhere(self, act: Callable[[str], object], members: Sequence[str] = MEMBERS) -> None:
        """What several members do at about the same time."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(act, members))

    def folder(self, member: str) -> Path:
        """Where a host keeps what its member made."""
        return self.hosts[member].folder / member

    def create(self) -> None:
        """Each makes its keys, and puts its card where the others find it."""

        def one(member: str) -> None:
            shutil.copy(EXAMPLE / "members" / f"{member}.yaml", self.hosts[member].folder / "member.yaml")
            self.at(member, "member", "create")
            self.at(member, "member", "card", "--out", str(self.shared))

        self.everywhere(one)

    def found(self) -> dict[str, str]:
        """One member founds the channels; the fingerprints that all compare before they join."""
        found = {}
        for channel in CHANNELS:
            shutil.copy(EXAMPLE / "channels" / f"{channel}.yaml", self.shared)
            file = str(self.shared / f"{channel}.yaml")
            answer = self.at("safe", "channel", "found", file, "--cards", str(self.shared), "--json").stdout
            found[channel] = str(json.loads(answer)["fingerprint"])
        return found

    def join(self, fingerprints: Mapping[str, str]) -> None:
        def one(member: str) -> None:
            for channel, members in CHANNELS.items():
                if member in members:
                    block, file = (str(self.shared / f"{channel}.{suffix}") for suffix in ("block", "yaml"))
                    known = fingerprints[channel]
                    self.at(member, "channel", "join", block, file, "--cards", str(self.shared), "--fingerprint", known)

        self.everywhere(one)

    def deploy(self, *files: Path) -> None:
        """Each for itself, one after the other: the last one that is needed commits."""
        for member in MEMBERS:
            mine = [str(file) for file in files if member in CHANNELS[file.stem]]
            self.at(member, "member", "deploy", *mine)

    def profiles(self) -> Path:
        """The members' connection profiles in one folder, as one who plays all their people needs them."""
        folder = self.shared.parent / "people"
        folder.mkdir(exist_ok=True)
        for member in MEMBERS:
            for suffix in ("yaml", "json"):
                shutil.copy(self.folder(member) / "profiles" / f"{member}.{suffix}", folder)
        return folder


@contextmanager
def founded(tell: Callable[[str], None], *, folder: Path | None = None) -> Iterator[Members]:
    """Four members on four hosts, joined to their channels, the contracts committed."""
    root = folder or Path(tempfile.mkdtemp(prefix=FOLDER))
    with (
        _gone_afterwards(root),
        _chaincode_image() as image,
        docker_hosts(MEMBERS, images=(*IMAGES, image), folder=root / "hosts") as hosts,
    ):
        tell("four hosts, each with a Docker engine of its own")
        members = Members(hosts, root / "shared")
        members.shared.mkdir()
        for name, host in hosts.items():  # as if each had built it: the same sources give the same digest
            host.run("docker", "tag", image, image.replace(BUILDER, name, 1))
        members.create()
        tell("each member has its keys, the others have its card")
        fingerprints = members.found()
        tell("channels founded: " + ", ".join(f"{name} {known[:16]}" for name, known in fingerprints.items()))
        members.join(fingerprints)
        tell("each member has compared the fingerprints and joined")
        members.deploy()
        tell("each has installed and approved the contracts; who came last committed them")
        yield members


@contextmanager
def _gone_afterwards(folder: Path) -> Iterator[None]:
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _chaincode_image() -> Iterator[str]:
    """The contracts' image, built once on this machine's engine and taken away from there at the end."""
    build = load_member(EXAMPLE / "members" / "safe.yaml").chaincodes[0]
    chaincode = Chaincode(**{name: getattr(build, name) for name in type(build).model_fields})
    engine = Engine.connect(BUILDER)
    try:
        image = ensure_image(engine, BUILDER, chaincode, Path())
        yield image.name
    finally:
        engine.remove_images(engine.images())
        engine.close()


def _clear() -> None:
    """What a demo that was killed has left on this machine."""
    clear_hosts()
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        shutil.rmtree(folder, ignore_errors=True)
    engine = Engine.connect(BUILDER)
    engine.remove_images(engine.images())
    engine.close()


def _end(number: int, _: object) -> NoReturn:
    """SIGTERM unwinds as Ctrl-C does, so that nothing stays."""
    raise SystemExit(128 + number)


def main() -> None:
    signal.signal(signal.SIGTERM, _end)
    if sys.argv[1:] == ["--clear"]:
        _clear()
        return
    if reason := missing():
        sys.exit(f"Not here: {reason}.")
    began = time.monotonic()

    def tell(words: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {words}", flush=True)

    with founded(tell) as members:
        folder, people = str(members.shared.parent), str(members.profiles())
        print(members.at("eximbank", "demo", "--folder", folder, "--ledger", people).stdout)
        tell("the case is walked")
        for member in MEMBERS:
            keys = sorted(members.folder(member).rglob("*.key")) + sorted(members.folder(member).rglob("key.pem"))
            owners = {path.relative_to(members.folder(member)).parts[1] for path in keys}
            print(f"\n{member}'s host holds {len(keys)} private keys, all of {', '.join(sorted(owners))}")
            print(members.at(member, "member", "status", check=False).stdout)
    tell("nothing is left")


if __name__ == "__main__":
    main()
