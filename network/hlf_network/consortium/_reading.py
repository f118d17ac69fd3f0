"""A text or a file as a `Consortium`, or the one error that says where to look."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from hlf_network.consortium._contradictions import contradictions
from hlf_network.consortium._model import Consortium
from hlf_network.consortium._yaml import YamlDocument, read_yaml, read_yaml_file

__all__ = ["load_consortium", "parse_consortium"]


def load_consortium(path: Path) -> Consortium:
    """Read a file. Relative paths in it count from its folder. Raises InvalidDocument with line and field."""
    return _absolute(_validate(read_yaml_file(path)), path.resolve().parent)


def parse_consortium(text: str, *, source: str = "consortium.yaml") -> Consortium:
    """Read a text; `source` names it in errors. Raises InvalidDocument with line and field."""
    return _validate(read_yaml(text, source=source))


def _absolute(consortium: Consortium, base: Path) -> Consortium:
    """The same with every path made absolute."""
    organizations = tuple(
        one.model_copy(update={"material": base / one.material}) if one.material else one
        for one in consortium.organizations
    )
    update: dict[str, object] = {
        "organizations": organizations,
        "folder": base / (consortium.folder or f"{consortium.name}-network"),
    }
    chaincode = consortium.chaincode
    if chaincode and chaincode.image.wheels:
        image = chaincode.image.model_copy(update={"wheels": base / chaincode.image.wheels})
        update["chaincode"] = chaincode.model_copy(update={"image": image})
    return consortium.model_copy(update=update)


def _validate(document: YamlDocument) -> Consortium:
    if not isinstance(document.content, dict):
        raise document.error((), "the file must hold a mapping that begins with `name:`")
    try:
        consortium = Consortium.model_validate(_tuples(document.content))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise document.error(first["loc"], _sentence(first["type"], first["msg"])) from None
    for place, reason in contradictions(consortium):
        raise document.error(place, reason)
    return consortium


def _tuples(content: object) -> object:
    """Lists as tuples: the models are strict, so that `port: "7051"` is an error and not a guess."""
    if isinstance(content, dict):
        return {key: _tuples(value) for key, value in content.items()}
    if isinstance(content, list):
        return tuple(_tuples(value) for value in content)
    return content


def _sentence(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "there is no such field; see `network init` for those that there are"
    if kind == "missing":
        return "this field is needed and missing"
    return message[0].lower() + message[1:]
