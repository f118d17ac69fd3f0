"""Filing consent: an exporter's signed authorisation, an officer's word for a form, a revocation."""

from __future__ import annotations

from datetime import date

from eximledger_chaincode.contracts.papers.consents import ConsentBook, FiledConsent
from eximledger_chaincode.contracts.state.calendar import (
    FIRST_GENERATION,
    BusinessDay,
    next_opening,
    read_business_day,
)
from eximledger_chaincode.contracts.state.keys import (
    BUSINESS_DAY_KEY,
    consent_number_key,
    consents_key,
    revoked_key,
)
from eximledger_chaincode.contracts.state.lists import PRESENT, row_key
from eximledger_chaincode.contracts.state.members import Consortium, require_role
from eximledger_chaincode.contracts.state.names import CUSTOMS, MAIN_COLLECTION, shared_with
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.vault import Vault, open_vault
from eximledger_chaincode.lending.consent import (
    Authorisation,
    Consent,
    Given,
    OfficerConsent,
    SignedAuthorisation,
    SignedRevocation,
    require_signed,
)
from eximledger_chaincode.lending.roles import Person, Role, person_of
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized, Refused

__all__ = ["begin_authorising", "file_authorisation", "file_consent", "file_revocation"]


async def begin_authorising(context: Context, consortium: Consortium, day: date) -> BusinessDay:
    """Open a business day on customs' channel, the first with the secret of customs' collection: who files consent
    knows the seed, and is not the one that begins it."""
    require_role(context, consortium, {Role.FX_BUREAU})
    after = next_opening(context, await read_business_day(context), day, FIRST_GENERATION)
    await (await open_vault(context, MAIN_COLLECTION[CUSTOMS])).begin()
    await context.stub.put_state(BUSINESS_DAY_KEY, encode(after))
    return after


async def _open_main(context: Context) -> Vault:
    """Customs' vault. Raises `Refused` before SAFE's first business day, when a bank's call would begin it."""
    if await read_business_day(context) is None:
        raise Refused("SAFE has opened no business day on channel customs yet: no consent is filed before "
                      "(authorisations:open)")  # fmt: skip
    return await open_vault(context, MAIN_COLLECTION[CUSTOMS])


async def file_authorisation(context: Context, consortium: Consortium, signed: SignedAuthorisation) -> ConsentBook:
    """Raises `NotAuthorized` where no authority of the consortium vouches for the signature, and for another bank."""
    person = _own(context, consortium, signed.paper, "signed")
    require_signed(signed, consortium.exporters_authorities, context.timestamp)
    filed = FiledConsent(
        consent=Consent(authorisation=signed.paper, given="signed"),
        signed=signed,
        filed_by=person,
        filed_at=context.timestamp,
    )
    return await _file(context, consortium, filed)


async def file_consent(context: Context, consortium: Consortium, given: OfficerConsent) -> ConsentBook:
    """Raises `Refused` where the consortium's floors do not let an officer's word count."""
    person = _own(context, consortium, given.authorisation, "officer")
    filed = FiledConsent(
        consent=Consent(authorisation=given.authorisation, given="officer"),
        form_sha256=given.form_sha256,
        filed_by=person,
        filed_at=context.timestamp,
    )
    return await _file(context, consortium, filed)


def _own(context: Context, consortium: Consortium, authorisation: Authorisation, given: Given) -> Person:
    require_role(context, consortium, {Role.BANK})
    person = person_of(context.creator)
    if authorisation.bank != person.msp_id:
        raise NotAuthorized(f"the authorisation is for {authorisation.bank}: that bank files it", bank=person.msp_id)
    consortium.floors.require_consent(authorisation, given, day_in_china(context.timestamp))
    return person


async def _file(context: Context, consortium: Consortium, filed: FiledConsent) -> ConsentBook:
    authorisation = filed.consent.authorisation
    exporter, bank, number = authorisation.exporter, authorisation.bank, authorisation.number
    main = await _open_main(context)
    key = consents_key(exporter, bank)
    numbered = consent_number_key(exporter, number)
    stored, owner, revocation = await main.get_many([key, numbered, revoked_key(exporter, number)])
    book = ConsentBook(exporter=exporter, bank=bank) if stored is None else decode(ConsentBook, stored)
    same = [each for each in book.consents if each.consent.authorisation == authorisation]
    if any((each.consent.given, each.form_sha256) == (filed.consent.given, filed.form_sha256) for each in same):
        return book
    if owner is not None:
        raise Refused(f"exporter {exporter} has given an authorisation {number} already: each has a number of its own")
    if revocation is not None:
        raise Refused(f"authorisation {number} was revoked before it was filed")
    after = book.model_copy(update={"consents": (*book.consents, filed)})
    await _save(context, main, after, {numbered: bank.encode()}, is_new=stored is None)
    return after


async def file_revocation(context: Context, consortium: Consortium, signed: SignedRevocation) -> str:
    """By customs, the fx-bureau, or the bank whose authorisation it takes back. It holds from the day on which it is
    filed. Answers whose it was, "" where that is not filed. Raises `NotAuthorized` for another bank, in the same words
    whether it is filed or not: no bank learns whom else an exporter lets read."""
    role = require_role(context, consortium, set(Role))
    person = person_of(context.creator)
    require_signed(signed, consortium.exporters_authorities, context.timestamp)
    exporter, number = signed.paper.exporter, signed.paper.authorisation
    main = await _open_main(context)
    revoked = revoked_key(exporter, number)
    owner, before = await main.get_many([consent_number_key(exporter, number), revoked])
    bank = "" if owner is None else owner.decode()
    if role is Role.BANK and bank != person.msp_id:
        raise NotAuthorized(
            f"no authorisation {number} of exporter {exporter} is {person.msp_id}'s: customs or the fx-bureau files it"
        )
    if before is not None:
        return bank
    writes = {revoked: encode(signed)}
    if not bank:
        await main.put_many(writes)
        return bank
    stored = await main.get(consents_key(exporter, bank))
    assert stored is not None  # noqa: S101 - written with the number
    book = decode(ConsentBook, stored)
    today = day_in_china(context.timestamp)
    consents = tuple(
        each.model_copy(update={"revocation": signed, "consent": each.consent.model_copy(update={"revoked_on": today})})
        if signed.paper.is_of(each.consent.authorisation)
        else each
        for each in book.consents
    )
    await _save(context, main, book.model_copy(update={"consents": consents}), writes, is_new=False)
    return bank


async def _save(context: Context, main: Vault, book: ConsentBook, more: dict[str, bytes], *, is_new: bool) -> None:
    """In customs' vault, with the row of a new book, and in the bank's copies."""
    key = consents_key(book.exporter, book.bank)
    await main.put_many({key: encode(book), **more})
    if is_new:
        await context.stub.put_state(row_key(main, "consents", context.timestamp, key), PRESENT)
    copies = await open_vault(context, shared_with(book.bank))
    await copies.put_many({key: encode(book)})
