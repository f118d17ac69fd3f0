"""Several hosts on one machine: each a network namespace with a Docker engine, a folder and an address of its own.

    with docker_hosts(("north", "south"), images=["python:3.11-slim"]) as hosts:
        hosts["north"].run("docker", "version")

What the engines share is a copy of the images, as hard links, for layers are only ever read. Needs root, iproute2 and
dockerd. Everything made here is taken away at the end, also after a failure; what a kill has left, by `clear_hosts`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["DockerHost", "clear_hosts", "docker_hosts", "missing_for_hosts"]

SWITCH = "hlf-switch"
"""The bridge between the hosts, in a namespace of its own: no firewall of this machine has a say there."""
PREFIX = "hlf-"
"""Of every namespace that is made here."""
NAMESPACES = Path("/run/netns")
SUBNET = "10.231.77"
START_SECONDS = 60.0
TOOLS = ("ip", "nsenter", "iptables", "dockerd", "docker")


def missing_for_hosts(images: Sequence[str] = ()) -> str | None:
    """Why no such hosts can be had here; None when they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if absent:
        return f"there is no {absent[0]} on this machine"
    if subprocess.run(["docker", "version"], capture_output=True, check=False).returncode:
        return "no Docker engine answers, from which hosts would take their images"
    if (NAMESPACES / SWITCH).exists():
        return "hosts of another run are here; where that was killed, `tools/demo_hosts.py --clear` takes them away"
    for image in images:
        if subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode:
            return f"no image {image} on this machine"
    return None


@dataclass
class DockerHost:
    """One host: its namespace, its address on the bridge between them, and its folder."""

    name: str
    number: int
    folder: Path
    _engine: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def namespace(self) -> str:
        return f"{PREFIX}{self.name}"

    @property
    def address(self) -> str:
        return f"{SUBNET}.{self.number + 10}"

    @property
    def socket(self) -> Path:
        return self.folder / "docker.sock"

    @property
    def data(self) -> Path:
        """Where the host's engine keeps its images and volumes."""
        return self.folder / "docker"

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs to use this host's engine."""
        return {**os.environ, "DOCKER_HOST": f"unix://{self.socket}"}

    def run(self, *command: str, cwd: Path | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program on this host, as somebody logged in there would."""
        return subprocess.run(
            ["nsenter", f"--net=/run/netns/{self.namespace}", *command],
            env=self.environment,
            cwd=cwd or self.folder,
            check=check,
            capture_output=True,
            text=True,
        )

    def cut(self) -> None:
        """Take the host's network cable out."""
        _call("ip", "-n", SWITCH, "link", "set", f"hv-{self.number}", "down")

    def mend(self) -> None:
        _call("ip", "-n", SWITCH, "link", "set", f"hv-{self.number}", "up")

    def connect(self) -> None:
        """The namespace, and the cable to the bridge."""
        outer, inner = f"hv-{self.number}", f"hi-{self.number}"
        _call("ip", "netns", "add", self.namespace)
        _call("ip", "-n", SWITCH, "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", self.namespace)
        _call("ip", "-n", SWITCH, "link", "set", outer, "master", SWITCH, "up")
        for arguments in (
            ("addr", "add", f"{self.address}/24", "dev", inner),
            ("link", "set", inner, "up"),
            ("link", "set", "lo", "up"),
        ):
            _call("ip", "-n", self.namespace, *arguments)

    def start(self) -> None:
        """Start the host's engine, and the containers that ran when it ended."""
        command = ["nsenter", f"--net=/run/netns/{self.namespace}", *_dockerd(self.folder)]
        self._engine = _started(command, self.folder)

    def lose(self) -> None:
        """A power cut: containers and engine are gone at once, disks and files stay."""
        running = self.run("docker", "ps", "-q").stdout.split()
        if running:
            self.run("docker", "kill", *running)
        self.stop()

    def stop(self) -> None:
        if self._engine is not None:
            _ended(self._engine)
            self._engine = None

    def remove(self) -> None:
        """Take the host away, with whatever it still runs."""
        if self._engine is not None:
            with suppress(subprocess.CalledProcessError):
                found = self.run("docker", "ps", "-aq").stdout.split()
                if found:
                    self.run("docker", "rm", "-f", "-v", *found)
        self.stop()
        _call("ip", "netns", "del", self.namespace, check=False)
        _unmount_below(self.folder)


@contextmanager
def docker_hosts(
    names: Sequence[str], *, images: Sequence[str], folder: Path | None = None
) -> Iterator[dict[str, DockerHost]]:
    """Hosts by name, each with these images. The folder goes at the end with all that is in it."""
    root = folder or Path(tempfile.mkdtemp(prefix="hlf-hosts-"))
    root.mkdir(parents=True, exist_ok=True)
    hosts = {name: DockerHost(name, number, root / name) for number, name in enumerate(names)}
    try:
        _call("ip", "netns", "add", SWITCH)
        _call("ip", "-n", SWITCH, "link", "add", SWITCH, "type", "bridge")
        _call("ip", "-n", SWITCH, "link", "set", SWITCH, "up")
        _store(root / "images", images)
        for host in hosts.values():
            host.folder.mkdir()
            _share_images(root / "images" / "docker", host.data)
            host.connect()
        _at_once([host.start for host in hosts.values()])
        yield hosts
    finally:
        _at_once([host.remove for host in hosts.values()])
        _call("ip", "netns", "del", SWITCH, check=False)
        _unmount_below(root)
        shutil.rmtree(root, ignore_errors=True)


def clear_hosts() -> list[Path]:
    """Take away what a run has left that was killed: engines with their containers, namespaces and folders; which
    folders they were."""
    roots = set[Path]()
    for namespace in sorted(NAMESPACES.glob(f"{PREFIX}*")):
        for process in _inside(namespace.name, "dockerd"):
            words = (Path("/proc") / str(process) / "cmdline").read_text().split("\0")
            data = next(word.removeprefix("--data-root=") for word in words if word.startswith("--data-root="))
            roots.add(Path(data).parent.parent)
            os.kill(process, signal.SIGTERM)  # it ends its containers first
        deadline = time.monotonic() + START_SECONDS
        while _inside(namespace.name) and time.monotonic() < deadline:
            time.sleep(0.1)
        for process in _inside(namespace.name):
            os.kill(process, signal.SIGKILL)
        _call("ip", "netns", "del", namespace.name)
    for root in roots:
        _unmount_below(root)
        shutil.rmtree(root, ignore_errors=True)
    return sorted(roots)


def _inside(namespace: str, program: str = "") -> list[int]:
    """The processes in a namespace, those of one program where it is named."""
    told = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True, check=False).stdout
    found = []
    for process in map(int, told.split()):
        with suppress(OSError):
            if not program or (Path("/proc") / str(process) / "comm").read_text().strip() == program:
                found.append(process)
    return found


def _at_once(acts: Sequence[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(act) for act in acts]:
            done.result()


def _store(folder: Path, images: Sequence[str]) -> None:
    """An engine's image store with these images, filled by an engine that runs for that alone, in the switch's
    namespace: in this machine's, an engine without a bridge takes docker0 away from the engine that runs here."""
    folder.mkdir()
    command = ["nsenter", f"--net=/run/netns/{SWITCH}", *_dockerd(folder), "--bridge=none", "--iptables=false"]
    engine = _started(command, folder)
    try:
        with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as saved:
            where = f"unix://{folder / 'docker.sock'}"
            subprocess.run(["docker", "-H", where, "load"], stdin=saved.stdout, check=True, capture_output=True)
    finally:
        _ended(engine)
        _unmount_below(folder)


def _share_images(store: Path, data: Path) -> None:
    data.mkdir(mode=0o710)
    for part in ("image", "overlay2"):
        _call("cp", "-al", str(store / part), str(data / part))


def _dockerd(folder: Path) -> list[str]:
    return [
        "dockerd",
        f"--data-root={folder / 'docker'}",
        f"--exec-root={folder / 'exec'}",
        f"--pidfile={folder / 'docker.pid'}",
        f"--host=unix://{folder / 'docker.sock'}",
        "--storage-driver=overlay2",
        "--log-level=warn",
    ]


def _started(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    """An engine that answers. A session of its own, so that Ctrl-C ends us first, who then end it."""
    log = folder / "dockerd.log"
    with log.open("ab") as out:
        engine = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    deadline = time.monotonic() + START_SECONDS
    where = f"unix://{folder / 'docker.sock'}"
    while subprocess.run(["docker", "-H", where, "version"], capture_output=True, check=False).returncode:
        if engine.poll() is not None or time.monotonic() > deadline:
            engine.kill()
            raise RuntimeError(f"dockerd does not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)
    return engine


def _ended(engine: subprocess.Popen[bytes]) -> None:
    engine.send_signal(signal.SIGTERM)
    try:
        engine.wait(30)
    except subprocess.TimeoutExpired:
        engine.kill()
        engine.wait()


def _unmount_below(folder: Path) -> None:
    """What a killed engine leaves mounted: its overlays and namespaces."""
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for place in reversed([place for place in mounted if Path(place).is_relative_to(folder)]):
        _call("umount", "-l", place, check=False)


def _call(*command: str, check: bool = True) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
