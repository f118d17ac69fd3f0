"""Examples of the rules on watch lists."""

from __future__ import annotations

from dataclasses import replace

from tests.eximledger_chaincode.rules.cases import BUYER, bill, case, declaration, invoice, policy, receipt
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of
from tests.eximledger_chaincode.rules.listing import against, clearing, entry, heading, hits_of

from eximledger_chaincode.documents import Address, Identifier, LegalForce, ListedPlace, Party, TransportStage

_LUEBECK = Party(name=BUYER.name, address=Address(country="DE", city="Lübeck"))
_NORDLICHT = entry(name="NORDLICHT HANDELS GMBH")
_FOREIGN = heading("OFAC-SDN", LegalForce.FOREIGN)
_OWN = heading("HAUS-1", LegalForce.INTERNAL)


def _named() -> list[Example]:
    fires, silent = of("SANCTION")
    sound, abroad = case(), case(invoice(buyer=_LUEBECK))
    country = entry(name=BUYER.name, countries=("DE",))
    city = ListedPlace(city="LUEBECK"), ListedPlace(city="lübeck", country="DE")
    hit = against(abroad, _NORDLICHT)
    return [
        silent("no list", sound),
        silent("a list of others", against(sound, entry())),
        fires("a buyer by name alone", hit, REFER),
        fires("a buyer on bill and invoice", against(case(), _NORDLICHT), REFER),
        fires("by another legal form", against(abroad, entry(name="Nordlicht Handels AG")), REFER),
        fires("in another order, transliterated", against(
            case(invoice(buyer=Party(name="Иван Петров"))), entry(kind="person", name="PETROV, Ivan")), REFER),
        fires("misspelt", against(abroad, entry(name="Nordlict Handels GmbH")), REFER),
        silent("a name within another", against(abroad, entry(name="Nordlicht Werft Stralsund"))),
        fires("by an alias", against(abroad, entry(aliases=("Nordlicht Handels",))), REFER),
        silent("by a weak alias alone", against(abroad, entry(weak_aliases=("Nordlicht Handels",)))),
        fires("by a weak alias in its country", against(
            abroad, entry(weak_aliases=("Nordlicht Handels",), countries=("DE",))), REFER),
        fires("a name and its country", against(abroad, country), REFER),
        fires("name, country and city", against(
            abroad, country.model_copy(update={"places": (city[1],)})), REJECT),
        fires("name and city of another country", against(
            abroad, country.model_copy(update={"countries": ("AT",), "places": (city[0],)})), REFER),
        fires("nearly the name, country and city", against(
            abroad, entry(name="Nordlicht Handel und", countries=("DE",), places=(city[1],))), REFER),
        fires("on a list of another state", against(
            abroad, country.model_copy(update={"places": (city[1],)}), listed=_FOREIGN), REFER),
        fires("on the bank's own list", against(abroad, _NORDLICHT, listed=_OWN), REFER),
        fires("cleared by two persons", against(abroad, _NORDLICHT, cleared="Another firm: it is a bakery."), INFORM),
        fires("proposed to be cleared", replace(
            hit, clearings=tuple(clearing(each, "a bakery", confirmed=False) for each in hit.hits)), REFER),
        fires("another entry was cleared", replace(hit, clearings=tuple(
            clearing(each, "a bakery") for each in hits_of(abroad, heading(), entry("Q-2", name=BUYER.name)))), REFER),
        fires("what is certain is cleared by nobody", replace(
            both := against(abroad, country.model_copy(update={"places": (city[1],)})),
            clearings=tuple(clearing(each, "a bakery") for each in both.hits)), REJECT),
    ]  # fmt: skip


def _numbered() -> list[Example]:
    fires, silent = of("SANCTION")
    uscc = Identifier(scheme="统一社会信用代码", value="91520690MA6DMR0B5K")
    bank = Party(name="Küstenbank", identifiers=(Identifier(scheme="BIC", value="KUSTDEFFXXX"),))
    numbered = Party(name="Nordlicht", identifiers=(Identifier(scheme="HRB", value="HRB 119922"),))
    at_sea = bill(stages=(TransportStage(means="vessel", imo_number="9321483"),))
    ship = entry(kind="vessel", name="MERRY STAR", imo_number="9321483")
    return [
        fires("the seller by its USCC", against(case(), entry(identifiers=(uscc,))), REJECT),
        fires("a payer's bank by BIC", against(
            case(receipt(payer_bank=bank)), entry(identifiers=(Identifier(scheme="SWIFT/BIC", value="KUSTDEFF"),))),
            REJECT),
        fires("by a short number and nothing else", against(
            case(invoice(buyer=numbered)), entry(identifiers=(Identifier(value="HRB119922"),))), REFER),
        silent("by a number that tells nobody", against(
            case(invoice(buyer=numbered.model_copy(update={"identifiers": (Identifier(value="12"),)}))),
            entry(identifiers=(Identifier(value="12"),)))),
        fires("a ship by IMO number, renamed", against(case(bill(vessel="SEA HOPE", imo_number="9321483")), ship),
              REJECT),
        fires("a ship of a later leg", against(case(at_sea), ship), REJECT),
        fires("a ship by name, its number unknown", against(case(bill(vessel="Merry Star")), ship), REFER),
        fires("a ship by name, with what sort it is", against(case(bill(vessel="M/V Merry Star")), ship), REFER),
        fires("a tanker by name", against(case(bill(vessel="M.T. MERRY STAR")), ship), REFER),
        fires("by an entry's name with its sort", against(
            case(bill(vessel="MV Merry Star")), entry(kind="vessel", name="MV MERRY STAR")), REFER),
        fires("a ship on a declaration by its number", against(
            case(declaration(conveyance="UN9321483/021W")), ship), REJECT),
        fires("a ship named by its number", against(case(bill(vessel="IMO 9321483")), ship), REJECT),
        silent("another number", against(case(declaration(conveyance="UN9074729/021W")), ship)),
        silent("another ship of the name", against(case(bill(vessel="MERRY STAR", imo_number="9074729")), ship)),
        silent("a firm with a ship's name", against(case(invoice(buyer=Party(name="Merry Star"))), ship)),
        fires("on a foreign list by number", against(case(), entry(identifiers=(uscc,)), listed=_FOREIGN), REFER),
    ]  # fmt: skip


def _places() -> list[Example]:
    fires, silent = of("SANCTION")
    korea = entry("KP", kind="country", name="North Korea", countries=("KP",))
    to_korea = case(declaration(destination_country="KP"))
    return [
        fires("a country under embargo", against(to_korea, korea), REJECT),
        silent("a listed person's country", against(to_korea, entry(countries=("KP",)))),
        fires("a port", against(case(declaration(destination_port="KPNAM")),
                                entry("P", kind="port", name="Nampo", ports=("KPNAM",))), REJECT),
        fires("a port by the customs' own code", against(case(declaration(destination_port="PRK003")), korea), REJECT),
        silent("an office of the customs", against(case(declaration(exit_port="2248")), korea)),
        fires("a buyer in it", against(case(invoice(buyer=_LUEBECK.model_copy(
            update={"address": Address(country="KP")}))), korea), REJECT),
        fires("who is notified", against(case(bill(notify=(BUYER, Party(
            name="Taedong", address=Address(country="KP"))))), korea), REJECT),
        fires("a payer's bank, by its BIC", against(case(receipt(payer_bank=Party(
            name="A bank", identifiers=(Identifier(scheme="BIC", value="FTBDKPPY"),)))), korea), REJECT),
        silent("a number that is no BIC", against(case(receipt(payer_bank=Party(
            name="A bank", identifiers=(Identifier(scheme="BIC", value="12KP99"),)))), korea)),
        silent("a number of another register", against(case(receipt(payer_bank=Party(
            name="A bank", identifiers=(Identifier(scheme="HRB", value="FTBDKPPY"),)))), korea)),
        fires("a list that policy asks for is missing", case(policy=policy(required_watch_lists=("PBOC",))), REFER),
        silent("it is there", against(case(policy=policy(required_watch_lists=("UN-SC",))), entry())),
        fires("too many hits", case(omitted_hits=3), REFER),
    ]  # fmt: skip


def _licences() -> list[Example]:
    fires, silent = of("LICENCE")
    dual_use = entry("D-1", kind="goods", name="Static converters", hs_codes=("8504",))
    listed = heading("MOFCOM-DU")
    others = entry(kind="goods", hs_codes=("9306",))
    licensed = case(declaration(licence_number="24-JB-0001"))
    return [
        fires("on a watch list of goods", against(case(), dual_use, listed=listed)),
        silent("on one, with a licence", against(licensed, dual_use, listed=listed)),
        silent("other goods than on a watch list", against(case(), others, listed=listed)),
    ]


def _persons() -> list[Example]:
    fires, silent = of("SANCTION")
    petrov = entry(kind="person", name="PETROV, Ivan")
    led = Party(name=BUYER.name, representative="Иван Петров")
    return [
        fires("who represents the buyer", against(case(invoice(buyer=led)), petrov), REFER),
        silent("somebody else", against(
            case(invoice(buyer=led.model_copy(update={"representative": "Ivana Petrova-Neumann"}))), petrov)),
    ]  # fmt: skip


EXAMPLES = [*_persons(), *_named(), *_numbered(), *_places(), *_licences()]
