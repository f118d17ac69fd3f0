"""Writes the twin of one asynchronous class or function: the same signatures and docstrings, each call waited for."""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from async_source import Function, Import, Sources, Untranslatable, all_arguments, attributes, is_private, yields
from sync_modules import SyncModule, Twin

__all__ = ["Homes", "Page", "Writer"]

Homes: TypeAlias = Mapping[str, tuple[SyncModule, Twin]]
"""Where each twin stands, by the full name of its original."""

_LOOP: Final = "hlf_client.sync._loop"
_STREAMS: Final = {"AsyncIterator", "AsyncIterable", "AsyncGenerator"}
_SPOKEN: Final = {"async with ": "with ", "async for ": "for ", "await ": ""}
_ASYNCIO: Final = re.compile(r"\b(await\w*|asyncio|coroutines?|event loops?|cancell?\w*)\b", re.IGNORECASE)
_WIDTH: Final = 120
_ASYNCHRONOUS: Final = _STREAMS | {"Awaitable", "Coroutine", "AbstractAsyncContextManager"}


@dataclass
class Page:
    """What is written so far: names that it imports, with what they mean, and its parts."""

    imports: dict[str, tuple[Import, str]] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    def need(self, bound: str, found: Import, meaning: str) -> None:
        before, meant = self.imports.setdefault(bound, (found, meaning))
        if meant != meaning:
            raise Untranslatable(f"{bound} would be both {meant} and {meaning}")
        if before.typing_only and not found.typing_only:
            self.imports[bound] = found, meaning

    def statements(self, *, typing_only: bool) -> list[str]:
        return [
            found.statement(bound) for bound, (found, _) in self.imports.items() if found.typing_only is typing_only
        ]


class Writer:
    """Writes one twin on a page, out of its original's source."""

    def __init__(self, page: Page, sources: Sources, homes: Homes, here: SyncModule, twin: Twin) -> None:
        self._page, self._sources, self._homes, self._here, self._twin = page, sources, homes, here, twin
        self._source, self._original = sources.of(twin)
        self._unsaid = set(twin.words)

    def write(self) -> str:
        """The twin's source, not yet formatted."""
        match self._original:
            case ast.ClassDef():
                text = self._class(self._original)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                text = self._function(self._original)
            case _:
                raise self._source.refuse(self._original, f"{self._twin.name} is no class and no function")
        if self._unsaid:
            raise Untranslatable(f"no docstring of {self._twin.of} says {', '.join(sorted(self._unsaid))!r}")
        return text

    # -- classes ---------------------------------------------------------------------------------------------------

    def _class(self, node: ast.ClassDef) -> str:
        twin, asynchronous = self._twin, f"Async{node.name}"
        self._original_as(asynchronous)
        if node.decorator_list or [ast.unparse(base) for base in node.bases] not in ([], ["Protocol"]):
            raise self._source.refuse(
                node, f"{node.name} has a decorator or bases: this tool follows none but Protocol"
            )
        note = f"`{twin.holds}` is the asynchronous one, whose calls run on the background loop."
        lines = [f"class {node.name}:", self._docstring(node, "" if twin.holds.startswith("_") else note)]
        inherited: frozenset[str] = frozenset()
        if twin.extends:
            home, base = self._homes[twin.extends]
            lines[0] = f"class {node.name}({self._twin_named(home, base)}):"
            lines.append(f"    {twin.holds}: {asynchronous}\n")
            inherited = frozenset(Writer(Page(), self._sources, self._homes, home, base).methods())
        lines.append(textwrap.indent(self._constructor(node, asynchronous), "    "))
        lines += [textwrap.indent(each, "    ") for each in self.methods(inherited)]
        return "\n".join(lines)

    def methods(self, inherited: frozenset[str] = frozenset()) -> Iterator[str]:
        """The twin's methods but for its constructor, and for what is `inherited` word for word."""
        assert isinstance(self._original, ast.ClassDef)
        for node in self._original.body:
            needed = dict(self._page.imports)
            if (text := self._member(node)) in inherited:
                self._page.imports = needed
            elif text:
                yield text

    def _member(self, node: ast.stmt) -> str:
        """A method's twin; "" for what needs none."""
        match node:
            case ast.FunctionDef(name="__init__") | ast.Expr(value=ast.Constant()) | ast.Pass():
                return ""
            case ast.AsyncFunctionDef(name="__aenter__" | "__aexit__"):
                return self._crossing(node)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if not is_private(name):
                return self._method(node)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if not name.startswith("__"):
                return ""
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if is_private(name):
                    return ""
        said = ast.unparse(node).partition("\n")[0]
        raise self._source.refuse(node, f"{self._twin.name} has what this tool knows no twin of: {said}")

    def _constructor(self, node: ast.ClassDef, asynchronous: str) -> str:
        holds = self._twin.holds
        init = next((each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)
        if not self._twin.built:
            given = holds.lstrip("_")
            keep = f"super().__init__({given})" if self._twin.extends else f"self.{holds} = {given}"
            for name, _ in attributes(init):
                raise self._source.refuse(node, f"the attribute {name} has no twin")
            return f"def __init__(self, {given}: {asynchronous}) -> None:\n    {keep}\n"
        if init is None:
            raise self._source.refuse(node, f"{node.name} is built without a constructor")
        lines = [f"def __init__({self._parameters(init)}) -> None:"]
        lines += [self._docstring(init)] if ast.get_docstring(init) else []
        parameters = {each.arg for each in all_arguments(init.args)}
        for name, value in attributes(init):
            if not (isinstance(value, ast.Name) and value.id in parameters):
                raise self._source.refuse(value, f"the attribute {name} is no argument of {node.name}")
            lines.append(f"    self.{name} = {value.id}")
        return "\n".join([*lines, f"    self.{holds} = {asynchronous}({self._arguments(init)})\n"])

    def _crossing(self, node: ast.AsyncFunctionDef) -> str:
        """`__enter__` or `__exit__`."""
        call = self._waiting(f"self.{self._twin.holds}.{node.name}({self._arguments(node)})")
        name, returns = node.name.replace("__a", "__"), self._annotation(node.returns)
        head = f"def {name}({self._parameters(node)}) -> {returns}:\n"
        if name == "__exit__":
            return f"{head}    {'' if returns == 'None' else 'return '}{call}\n"
        if returns != "Self":
            raise self._source.refuse(node, "`__aenter__` gives something else than the object itself")
        return f"{head}    {call}\n    return self\n"

    def _method(self, node: Function) -> str:
        kind = " ".join(ast.unparse(each) for each in node.decorator_list)
        match kind:
            case "":
                call, made = f"self.{self._twin.holds}.{node.name}({self._arguments(node)})", "type(self)"
            case "classmethod":
                call, made = f"Async{self._twin.name}.{node.name}({self._arguments(node)})", "cls"
            case "property":
                call, made = f"self.{self._twin.holds}.{node.name}", "type(self)"
            case _:
                raise self._source.refuse(node, f"{node.name} is decorated with what this tool does not know: {kind}")
        head = f"@{kind}\n" if kind else ""
        return head + self._definition(node, call, made)

    # -- functions -------------------------------------------------------------------------------------------------

    def _function(self, node: Function) -> str:
        bound = f"{node.name}_async"
        self._original_as(bound)
        call = f"{bound}({self._arguments(node)})"
        if isinstance(node, ast.FunctionDef):  # it may open what belongs to a running loop
            self._page.need("call_on_loop", Import(_LOOP, "call_on_loop"), _LOOP)
            call = f"call_on_loop(lambda: {call})"
        return self._definition(node, call, "")

    def _definition(self, node: Function, call: str, made: str) -> str:
        """A function of the same name, arguments and docstring, that answers with what `call` gives."""
        returns = node.returns
        match returns:
            case ast.Subscript(value=ast.Name(id=stream), slice=item) if stream in _STREAMS:
                if isinstance(node, ast.AsyncFunctionDef) and not yields(node):
                    raise self._source.refuse(node, f"{node.name} has to be awaited for its iterator")
                item = item.elts[0] if stream == "AsyncGenerator" and isinstance(item, ast.Tuple) else item
                self._page.need("Generator", Import("collections.abc", "Generator"), "collections.abc.Generator")
                self._page.need("each", Import(_LOOP, "each"), _LOOP)
                answer, call = f"Generator[{self._annotation(item)}, None, None]", f"each(lambda: {call})"
            case _:
                if isinstance(node, ast.AsyncFunctionDef):
                    call = self._waiting(call)
                answer = self._annotation(returns, whole=True)
                if answer == "Self":
                    call = f"{made}({call})"
                elif (twin := self._twin_of(returns)) is not None:
                    if twin.built:
                        raise self._source.refuse(node, f"{twin.name} is built, not made around what {node.name} gives")
                    call = f"{answer}({call})"
        lines = [f"def {node.name}({self._parameters(node)}) -> {answer}:"]
        lines += [self._docstring(node)] if ast.get_docstring(node) else []
        return "\n".join([*lines, f"    {'' if answer == 'None' else 'return '}{call}\n"])

    def _waiting(self, call: str) -> str:
        self._page.need("wait_for", Import(_LOOP, "wait_for"), _LOOP)
        return f"wait_for({call})"

    def _parameters(self, node: Function) -> str:
        """The parameters as they are, asynchronous classes replaced by their twins."""
        arguments = ast.parse(f"def f({ast.unparse(node.args)}): ...").body[0]
        assert isinstance(arguments, ast.FunctionDef)
        for mine, theirs in zip(all_arguments(arguments.args), all_arguments(node.args), strict=True):
            if theirs.annotation is not None:
                mine.annotation = ast.Name(self._annotation(theirs.annotation, whole=True))
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self._annotation(default)
        return ast.unparse(arguments.args)

    def _arguments(self, node: Function) -> str:
        """The parameters handed on, each twin as what it holds."""
        given = node.args
        positional = [*given.posonlyargs, *given.args]
        if isinstance(self._original, ast.ClassDef):
            positional = positional[1:]
        said = [self._handed(each) for each in positional]
        said += [f"*{given.vararg.arg}"] if given.vararg else []
        said += [f"{each.arg}={self._handed(each)}" for each in given.kwonlyargs]
        said += [f"**{given.kwarg.arg}"] if given.kwarg else []
        return ", ".join(said)

    def _handed(self, parameter: ast.arg) -> str:
        twin = self._twin_of(parameter.annotation)
        return parameter.arg if twin is None else f"{parameter.arg}.{twin.holds}"

    # -- annotations and names -------------------------------------------------------------------------------------

    def _twin_of(self, annotation: ast.expr | None) -> Twin | None:
        if not isinstance(annotation, ast.Name):
            return None
        found = self._homes.get(self._sources.meaning(self._source.name, annotation.id))
        return None if found is None else found[1]

    def _annotation(self, node: ast.expr | None, *, whole: bool = False) -> str:
        """An annotation or a default as it stands, its names imported; a twin in place of its original, where that is
        the `whole` of it."""
        if node is None:
            raise Untranslatable(f"{self._source.path}: {self._twin.name} has a function without annotations")
        if whole and isinstance(node, ast.Name) and self._twin_of(node) is not None:
            return self._twin_named(*self._homes[self._sources.meaning(self._source.name, node.id)])
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                self._name(each)
        return ast.unparse(node)

    def _name(self, node: ast.Name) -> None:
        name, source = node.id, self._source
        meaning = self._sources.meaning(source.name, name)
        if meaning in self._homes or name in _ASYNCHRONOUS:
            raise source.refuse(node, f"{name} stands inside an annotation, where this tool cannot put its twin")
        if name in source.imports:
            self._page.need(name, source.imports[name], meaning)
        elif name in source.defined:
            if is_private(name):
                raise source.refuse(node, f"{name} is private to its module: a signature names what can be imported")
            self._page.need(name, Import(source.name, name), meaning)
        elif not hasattr(builtins, name):
            raise source.refuse(node, f"nothing says what {name} is")

    def _twin_named(self, home: SyncModule, twin: Twin) -> str:
        if home is not self._here:
            self._page.need(twin.name, Import(home.home, twin.name), f"{home.name}.{twin.name}")
        return twin.name

    def _original_as(self, bound: str) -> None:
        self._page.need(bound, Import(self._source.name, self._twin.name), self._twin.of)

    # -- docstrings ------------------------------------------------------------------------------------------------

    def _docstring(self, node: ast.ClassDef | Function, note: str = "") -> str:
        text = self._said(node)
        text = f"{text}\n\n{note}".strip() if note else text
        end = "\n" if "\n\n" in text else ""
        return textwrap.indent(f'"""{text}{end}"""', "    ") + ("\n" if isinstance(node, ast.ClassDef) else "")

    def _said(self, node: ast.ClassDef | Function) -> str:
        """A docstring without asyncio. What changes is filled anew, but for indented lines (code)."""
        indent = node.body[0].col_offset
        docstring = (ast.get_docstring(node, clean=False) or "").replace("\\", "\\\\")
        docstring = "\n".join(line.removeprefix(" " * indent) for line in docstring.strip().splitlines())
        paragraphs = []
        for paragraph in docstring.split("\n\n"):
            is_code = paragraph.startswith(" ")
            text = before = paragraph if is_code else " ".join(paragraph.split())
            for old, new in self._twin.words.items():
                if old in text:
                    self._unsaid.discard(old)
                    text = text.replace(old, new)
            for old, new in _SPOKEN.items():
                text = re.sub(rf"\b{old}", new, text)
            if left := _ASYNCIO.search(text):
                raise self._source.refuse(node, f"the docstring says {left[0]!r}: give {self._twin.name} words for it")
            filled = text if is_code else textwrap.fill(text, _WIDTH - indent - 3, break_on_hyphens=False)
            paragraphs.append(paragraph if text == before else filled)
        return "\n\n".join(paragraphs)
