"""The tool that writes the synchronous API: what it makes of a module, what it refuses, and when `--check` fails."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from async_source import Untranslatable
from async_to_sync import ROOT, main, written
from sync_modules import MODULES, SyncModule, Twin

SHOP = '''
"""A shop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from decimal import Decimal

FIRST = date(2026, 1, 1)
Count = int


class Till:
    """Takes money. Safe on one event loop."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._closed = False

    @classmethod
    def of(cls, owner: str) -> Self:
        """Somebody's."""
        return cls(owner)

    def named(self, owner: str) -> Self:
        return type(self)(owner)

    @property
    def owner(self) -> str:
        """Whose it is."""
        return self._owner

    async def take(self, amount: Decimal, /, *coins: Count, on: date = FIRST, **notes: int) -> list[str]:
        """Take money:

            async with till:
                async for coin in till.coins(await till.take(1)):
                    ...
        """
        return [self._owner, str(amount), *map(str, coins), on.isoformat(), *notes]

    async def coins(self, most: int) -> AsyncIterator[int]:
        """One coin after another."""
        for coin in range(most):
            yield coin

    async def _count(self) -> int:
        return 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        self._closed = True


class Shop:
    """Sells."""

    def __init__(self, till: Till, *, opens: date = FIRST) -> None:
        self.till = till
        self._opens = opens

    async def sell(self, price: int) -> str:
        """Sell for a price."""
        return (await self.till.take(price, on=self._opens))[0]

    async def merge(self, other: Till) -> Till:
        """With another till."""
        return Till(self.till.owner + other.owner)


def open_till(owner: str) -> Till:
    """Open one (`async with open_till(...) as till`)."""
    return Till(owner)
'''
LEND = '''    async def lend(self, days: int) -> str:
        """Lend."""
        return ""

'''
TILL = Twin("toyshop._shop.Till", holds="till", words={"Safe on one event loop.": "Any thread may call."})
TWINS = SyncModule(
    "toyshop.sync",
    home="toyshop.sync",
    about="A shop that waits.",
    twins=(TILL, Twin("toyshop._shop.Shop", holds="shop", built=True), Twin("toyshop._shop.open_till")),
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    package = tmp_path / "client" / "toyshop"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "_shop.py").write_text(SHOP)
    return package / "_shop.py"


@pytest.fixture
def run(tmp_path: Path, source: Path) -> Callable[..., int]:
    return lambda *argv: main(argv, modules=[TWINS], root=tmp_path)


@pytest.fixture
def shop(source: Path, run: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module of twins, imported."""
    assert run() == 0
    monkeypatch.syspath_prepend(str(source.parents[1]))
    yield importlib.import_module("toyshop.sync")
    for name in [name for name in sys.modules if name.partition(".")[0] == "toyshop"]:
        del sys.modules[name]


def test_the_twins_answer_as_the_asynchronous_ones_do(shop: ModuleType) -> None:
    with shop.open_till("Lin") as till:
        assert till.take(5, 1, 2, five=1) == ["Lin", "5", "1", "2", "2026-01-01", "five"]
        assert list(till.coins(3)) == [0, 1, 2]
        assert till.owner == "Lin"
        assert not till.till._closed
    assert till.till._closed
    for other in (till.named("Wu"), shop.Till.of("Wu")):
        assert type(other) is shop.Till
        assert other.owner == "Wu"
    desk = shop.Shop(till)
    assert desk.till is till
    assert desk.sell(7) == "Lin"
    assert desk.merge(other).owner == "LinWu"
    assert shop.__all__ == ["Shop", "Till", "open_till"]


def test_signatures_and_docstrings_are_those_of_the_source(shop: ModuleType) -> None:
    asynchronous = importlib.import_module("toyshop._shop")
    mine, theirs = (inspect.signature(module.Till.take) for module in (shop, asynchronous))
    assert mine == theirs
    assert inspect.signature(shop.Till.coins).return_annotation == "Generator[int, None, None]"
    assert inspect.getdoc(shop.Till.take) == (
        "Take money:\n\nwith till:\n    for coin in till.coins(till.take(1)):\n        ..."
    )
    assert (shop.Till.__doc__ or "").startswith("Takes money. Any thread may call.\n")
    assert shop.open_till.__doc__ == "Open one (`with open_till(...) as till`)."
    assert {name for name in vars(shop.Till) if not name.startswith("__")} == {"coins", "named", "of", "owner", "take"}


def test_what_the_source_gains_is_missed_by_check_and_written_by_the_tool(
    source: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--check") == 1  # nothing is there yet
    assert run() == 0
    assert run("--check") == 0
    source.write_text(SHOP.replace("    async def merge", f"{LEND}    async def merge"))
    capsys.readouterr()
    assert run("--check") == 1
    shown = capsys.readouterr()
    assert "+    def lend(self, days: int) -> str:" in shown.out.splitlines()
    assert "make sync" in shown.err
    twins = source.parent / "sync.py"
    assert "lend" not in twins.read_text()  # a check writes nothing
    assert run() == 0
    assert "return wait_for(self.shop.lend(days))" in twins.read_text()
    assert run("--check") == 0
    twins.write_text(twins.read_text().replace("Sell for a price", "Sell"))
    assert run("--check") == 1


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("other: Till)", "other: Till | None)", "Till stands inside an annotation"),
        ("-> list[str]:", "-> Unknown:", "nothing says what Unknown is"),
        ("Count", "_Count", "_Count is private to its module"),
        ("FIRST = date(2026, 1, 1)", "_FIRST = date(2026, 1, 1)", "nothing says what FIRST is"),
        ('"""One coin after another."""', '"""Await one coin after another."""', "says 'Await'"),
        ("Safe on one event loop.", "Safe.", "no docstring of toyshop._shop.Till says"),
        ("    @property\n", "    @cached\n", "decorated"),
        ("class Shop:", "class Shop(Till):", "bases"),
        ("        self._opens = opens", "        self.opens = str(opens)", "the attribute opens"),
        ("        self._closed = False", "        self.closed = False", "the attribute closed"),
        ("    def named", "    limit = 3\n\n    def named", "no twin of: limit = 3"),
        ("    async def _count", "    def __len__", "no twin of: def __len__"),
        ('-> Till:\n        """With', '-> Shop:\n        """With', "Shop is built"),
        ("def open_till", "def other", "toyshop._shop.open_till is not there"),
    ],
)
def test_what_cannot_be_said_without_asyncio_is_an_error_with_its_place(
    tmp_path: Path, source: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str],
    old: str, new: str, why: str,
) -> None:  # fmt: skip
    assert old in SHOP
    source.write_text(SHOP.replace(old, new))
    with pytest.raises(Untranslatable, match="toyshop"):
        written([TWINS], tmp_path)
    assert run() == 1
    assert why in capsys.readouterr().err
    assert not (source.parent / "sync.py").exists()


def test_the_projects_own_twins_are_as_the_source_has_them_and_say_who_made_them() -> None:
    for path, text in written(MODULES, ROOT).items():
        assert path.read_text() == text, f"{path}: run `make sync`"
        assert text.startswith("# Made by tools/async_to_sync.py; do not edit."), path
