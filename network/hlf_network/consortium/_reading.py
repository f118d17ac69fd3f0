"""A text or a file as a `Consortium`, or the one error that says where to look."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from hlf_client.errors import InvalidDocument
from hlf_network.consortium._contradictions import contradictions
from hlf_network.consortium._hosted import ChannelFile, MemberFile
from hlf_network.consortium._members import Organization
from hlf_network.consortium._model import ChaincodeBuild, Consortium
from hlf_network.consortium._yaml import YamlDocument, dotted, read_yaml, read_yaml_file

__all__ = ["checked", "load_channel_file", "load_consortium", "load_member", "parse_consortium"]

Model = TypeVar("Model", bound=BaseModel)
MEMBER_HINT = "write it as docs/hosts.md shows, or name another with -f"
THOSE_OF_INIT = "see `network init` for those that there are"
THOSE_OF_THE_PAGE = "docs/hosts.md shows those that there are"
Build = TypeVar("Build", bound=ChaincodeBuild)


def load_consortium(path: Path) -> Consortium:
    """Read a file. Relative paths in it count from its folder. Raises InvalidDocument with line and field."""
    return _absolute(_validate(read_yaml_file(path)), path.resolve().parent)


def parse_consortium(text: str, *, source: str = "consortium.yaml") -> Consortium:
    """Read a text; `source` names it in errors. Raises InvalidDocument with line and field."""
    return _validate(read_yaml(text, source=source))


def load_member(path: Path) -> MemberFile:
    """Read a member.yaml. Relative paths in it count from its folder. Raises InvalidDocument with line and field."""
    member, base = _model(read_yaml_file(path, hint=MEMBER_HINT), MemberFile), path.resolve().parent
    update: dict[str, object] = {
        "member": _with_material(member.member, base),
        "folder": base / (member.folder or member.name),
        "chaincodes": tuple(_with_wheels(one, base) for one in member.chaincodes),
    }
    return member.model_copy(update=update)


def load_channel_file(path: Path) -> ChannelFile:
    """Read a channel's file. Raises InvalidDocument with line and field."""
    return _model(read_yaml_file(path), ChannelFile)


def checked(consortium: Consortium, source: str) -> Consortium:
    """The same, when nothing in it contradicts itself. Raises InvalidDocument naming the field."""
    for place, reason in contradictions(consortium):
        name = dotted(place)
        raise InvalidDocument(f"{source}: {name}: {reason}", field=name, reason=reason, file=source)
    return consortium


def _with_material(organization: Organization, base: Path) -> Organization:
    brought = organization.material
    return organization.model_copy(update={"material": base / brought}) if brought else organization


def _with_wheels(chaincode: Build, base: Path) -> Build:
    if not chaincode.image.wheels:
        return chaincode
    image = chaincode.image.model_copy(update={"wheels": base / chaincode.image.wheels})
    return chaincode.model_copy(update={"image": image})


def _absolute(consortium: Consortium, base: Path) -> Consortium:
    """The same with every path made absolute."""
    organizations = tuple(_with_material(one, base) for one in consortium.organizations)
    update: dict[str, object] = {
        "organizations": organizations,
        "folder": base / (consortium.folder or f"{consortium.name}-network"),
    }
    if consortium.chaincode:
        update["chaincode"] = _with_wheels(consortium.chaincode, base)
    update["chaincodes"] = tuple(_with_wheels(one, base) for one in consortium.chaincodes)
    return consortium.model_copy(update=update)


def _model(document: YamlDocument, model: type[Model]) -> Model:
    if not isinstance(document.content, dict):
        raise document.error((), "the file must hold a mapping that begins with `name:`")
    try:
        return model.model_validate(_tuples(document.content))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        fields = THOSE_OF_INIT if issubclass(model, Consortium) else THOSE_OF_THE_PAGE
        raise document.error(first["loc"], _sentence(first["type"], first["msg"], fields)) from None


def _validate(document: YamlDocument) -> Consortium:
    consortium = _model(document, Consortium)
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


def _sentence(kind: str, message: str, fields: str) -> str:
    if kind == "extra_forbidden":
        return f"there is no such field; {fields}"
    if kind == "missing":
        return "this field is needed and missing"
    return message[0].lower() + message[1:]
