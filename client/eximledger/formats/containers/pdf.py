"""The files that are attached to a PDF: the invoice of Factur-X, ZUGFeRD 2 and their like (PDF/A-3), or any other.

What the pages of a PDF show is read of customs' form alone (`customs.pages`).
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Final

from pypdf import PdfReader, apply_configuration
from pypdf.generic import ArrayObject, DictionaryObject, EmbeddedFile, NullObject

from eximledger.formats._limits import MAX_ATTACHED_BYTES, MAX_ATTACHMENTS, MAX_PDF_OBJECTS, MAX_PDF_OPERATIONS
from eximledger.formats.containers.parts import Part, shown
from hlf_chaincode.errors import InvalidDocument

__all__ = ["opened_pdf", "parts_of_pdf", "refused_pdf"]

_ELEMENTS: Final = 20_000
"""Of an array or a dictionary, and entries of a tree."""
_FORMS: Final = 20
"""Drawings within a page that are drawn again."""


def parts_of_pdf(source: bytes) -> tuple[Part, ...]:
    """Empty where nothing is attached. Raises `InvalidDocument` for a PDF that is damaged, encrypted or beyond the
    limits."""
    with opened_pdf(source) as reader:
        return tuple({part.content: part for part in _attached(reader)}.values())  # one may be named twice


@contextmanager
def opened_pdf(source: bytes) -> Iterator[PdfReader]:
    """The PDF, held to the limits while it is read; whatever a damaged one raises is `InvalidDocument`."""
    if source.count(b" obj") > MAX_PDF_OBJECTS:
        raise refused_pdf(f"has more than {MAX_PDF_OBJECTS} objects")
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
            page_tree_maximum_entries=_ELEMENTS,
            page_tree_maximum_page_entries=_ELEMENTS,
            stream_parsing_work_maximum_count=4 * MAX_PDF_OPERATIONS,  # operands are counted, too
            xform_maximum_invocations_per_extraction=_FORMS,
        ):
            reader = PdfReader(io.BytesIO(source), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):  # "" opens what only restricts printing and the like
                raise refused_pdf("is encrypted; send it without a password")
            yield reader
    except InvalidDocument:
        raise
    except (Exception, RecursionError) as error:  # pypdf lets through whatever a damaged part makes its parts raise
        raise refused_pdf(f"is damaged, or beyond what papers are ({type(error).__name__})") from None


def _attached(reader: PdfReader) -> Iterator[Part]:
    size = 0
    for number, file in enumerate(chain(reader.attachment_list, _associated(reader)), 1):
        if number > MAX_ATTACHMENTS:
            raise refused_pdf(f"has more than {MAX_ATTACHMENTS} attachments")
        content = file.content
        size += len(content)
        if size > MAX_ATTACHED_BYTES:
            raise refused_pdf(f"has attachments of more than {MAX_ATTACHED_BYTES // 2**20} MiB")
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


def refused_pdf(reason: str) -> InvalidDocument:
    """The refusal of a PDF, for a reason."""
    return InvalidDocument(f"the PDF {reason}", field="file", reason=reason)
