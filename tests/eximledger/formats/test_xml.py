"""The tree that knows what was read of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eximledger.formats import Cause
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import leftovers

_NAMES = st.sampled_from(["A", "B", "C"])


def _tree(depth: int) -> st.SearchStrategy[str]:
    leaf = st.builds(lambda name, text: f"<{name}>{text}</{name}>", _NAMES, st.sampled_from(["", " ", "1", "two"]))
    if depth == 0:
        return leaf
    inner = st.lists(_tree(depth - 1), max_size=3).map("".join)
    return leaf | st.builds(lambda name, body: f"<{name}>{body}</{name}>", _NAMES, inner)


@given(_tree(3), st.randoms(use_true_random=False))
def test_every_value_is_read_or_reported(text: str, random: object) -> None:
    """Whatever a reader takes, the values taken and the values reported are all values that there are."""
    root = parse(f"<R>{text}</R>".encode())
    values = [node for node in root.walk() if node.raw.strip()]
    taken = [node for node in values if random.random() < 0.5]  # type: ignore[attr-defined] # hypothesis' own Random
    for node in taken:
        assert node.value()
    reported = leftovers(root)
    assert len(taken) + sum(entry.values for entry in reported) == len(values)
    assert len({entry.path for entry in reported}) == len(reported)


def test_an_attribute_that_changes_a_value_is_a_value() -> None:
    root = parse(b'<R><Weight unitCode="TNE" note="x">5</Weight></R>')
    assert root.decimal("Weight") == 5
    (entry,) = leftovers(root)
    assert (entry.path, entry.cause) == ("/R/Weight/@unitCode", Cause.NOT_MODELLED)


def test_what_is_given_back_is_reported() -> None:
    root = parse(b"<R><A><B>1</B><C>2</C></A></R>")
    part = root.need("A")
    assert part.texts("B") == ["1"]
    part.release()
    assert [(entry.path, entry.values) for entry in leftovers(root)] == [("/R", 2)]


def test_what_is_skipped_is_reported_whole_with_its_reason() -> None:
    root = parse(b"<R><A><B>1</B><C>2</C></A><A/></R>")
    root.need("A").skip("not wanted")
    root.need("A").texts("B")
    (entry,) = leftovers(root)
    assert (entry.path, entry.cause, entry.values) == ("/R/A[1]", Cause.SKIPPED, 2)
