"""The files that are attached to a PDF: the invoice of Factur-X, ZUGFeRD 2 and their like (PDF/A-3), or any other.

Nothing else of a PDF is read: what its pages show is a picture of the paper, not the paper.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from itertools import chain
from typing import Final

from pypdf import PdfReader, apply_configuration
from pypdf.generic import ArrayObject, DictionaryObject, EmbeddedFile, NullObject

from eximledger.formats._limits import MAX_ATTACHED_BYTES, MAX_ATTACHMENTS, MAX_PDF_OBJECTS
from eximledger.formats.containers.parts import Part, shown
from hlf_chaincode.errors import InvalidDocument

__all__ = ["parts_of_pdf"]

_ELEMENTS: Final = 20_000
"""Of an array or a dictionary, and entries of a tree."""


def parts_of_pdf(source: bytes) -> tuple[Part, ...]:
    """Raises `InvalidDocument` for a PDF that is damaged, encrypted or beyond the limits, or that has none."""
    if source.count(b" obj") > MAX_PDF_OBJECTS:
        raise _refused(f"has more than {MAX_PDF_OBJECTS} objects")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would log what strangers wrote
    try:
        with apply_configuration(
            maximum_declared_stream_length=MAX_ATTACHED_BYTES,
            zlib_maximum_output_length=MAX_ATTACHED_BYTES,
            lzw_maximum_output_length=MAX_ATTACHED_BYTES,
            run_length_maximum_output_length=MAX_ATTACHED_BYTES,
            array_based_stream_maximum_output_length=MAX_ATTACHED_BYTES,
            stream_decoding_work_maximum_length=2 * MAX_ATTACHED_BYTES,
            zlib_maximum_recovery_input_length=0,
            stream_filters_maximum_length=2,
            array_maximum_element_count=_ELEMENTS,
            dictionary_maximum_element_count=_ELEMENTS,
        ):
            found = tuple({part.content: part for part in _attached(source)}.values())  # one may be named twice
    except InvalidDocument:
        raise
    except (Exception, RecursionError) as error:  # pypdf lets through whatever a damaged part makes its parts raise
        raise _refused(f"is damaged, or beyond what papers are ({type(error).__name__})") from None
    if not found:
        raise _refused("has no paper attached to it; send the XML that it was made from")
    return found


def _attached(source: bytes) -> Iterator[Part]:
    reader = PdfReader(io.BytesIO(source), strict=False)
    if reader.is_encrypted:
        raise _refused("is encrypted; send it without a password")
    size = 0
    for number, file in enumerate(chain(reader.attachment_list, _associated(reader)), 1):
        if number > MAX_ATTACHMENTS:
            raise _refused(f"has more than {MAX_ATTACHMENTS} attachments")
        content = file.content
        size += len(content)
        if size > MAX_ATTACHED_BYTES:
            raise _refused(f"has attachments of more than {MAX_ATTACHED_BYTES // 2**20} MiB")
        yield Part(_name(file), content)


def _associated(reader: PdfReader) -> Iterator[EmbeddedFile]:
    """Files of the catalog's /AF, which some writers leave out of the names."""
    listed = reader.root_object.get("/AF", NullObject()).get_object()
    for entry in listed if isinstance(listed, ArrayObject) else ():
        file = entry.get_object()
        if isinstance(file, DictionaryObject):
            yield EmbeddedFile(name=str(file.get("/UF") or file.get("/F") or "attachment"), pdf_object=file)


def _name(file: EmbeddedFile) -> str:
    return shown(str(file.alternative_name or file.name))


def _refused(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the PDF {reason}", field="file", reason=reason)
