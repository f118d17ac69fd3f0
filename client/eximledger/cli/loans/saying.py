"""Options that say money, rates, conditions and overrides, as the steps of a loan take them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import click

from eximledger_chaincode.documents.parts.terms import Condition

__all__ = ["FINDING_REASON", "conditions_of", "day_option", "exchange_of", "overrides_of", "paid_options"]

FINDING_REASON: Final = "FINDING=REASON"
_MONEY: Final = re.compile(r"\s*([0-9.,]+)\s+([A-Za-z]{3})\s*")
_RATE: Final = re.compile(r"\s*([0-9.]+)\s*/\s*([A-Za-z]{3})\s*")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def day_option(flag: str, help: str, *, required: bool = False) -> Decorator:
    """A day, written 2026-12-31."""
    return click.option(flag, type=click.DateTime(["%Y-%m-%d"]), required=required, help=help)


def paid_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every payment has."""
    for option in (
        click.option("--rate", metavar="RATE/CCY", help="With --paid: so many of the other currency for one CCY."),
        click.option("--paid", metavar="'AMOUNT CCY'", help="What is paid, where it is not the loan's currency."),
        click.option("--reference", required=True, help="The bank's own reference of the payment; each pays once."),
        day_option("--day", "Its value date; at most three days from today.", required=True),
        click.option("--amount", metavar="AMOUNT", required=True, help="In the loan's currency: 7760000.00."),
    ):
        command = option(command)
    return command


def exchange_of(paid: str | None, rate: str | None) -> dict[str, object] | None:
    """`--paid '25000.00 USD' --rate 7.0912/USD`: neither of them, or both."""
    if paid is None and rate is None:
        return None
    money, price = _MONEY.fullmatch(paid or ""), _RATE.fullmatch(rate or "")
    if money is None:
        raise click.BadParameter("say what is paid as '25000.00 USD'", param_hint="--paid")
    if price is None:
        raise click.BadParameter("say the rate as 7.0912/USD", param_hint="--rate")
    return {
        "money": {"amount": money[1].replace(",", ""), "currency": money[2].upper()},
        "base": price[2].upper(),
        "rate": price[1],
    }


def conditions_of(texts: Sequence[str]) -> list[dict[str, object]]:
    """`--condition pledge-registration=NUMBER`, once for each that is met."""
    return [{"condition": name, "reference": reference} for name, reference in map(_condition, texts)]


def _condition(text: str) -> tuple[Condition, str]:
    name, _, reference = text.partition("=")
    if name.strip() not in list(Condition) or not reference.strip():
        names = ", ".join(Condition)
        raise click.BadParameter(f"{text!r} is not CONDITION=NUMBER, of {names}", param_hint="--condition")
    return Condition(name.strip()), reference.strip()


def overrides_of(texts: Sequence[str]) -> dict[str, str]:
    """`--override FINDING=REASON`, once for each."""
    return dict(_override(text) for text in texts)


def _override(text: str) -> tuple[str, str]:
    finding, _, reason = text.partition("=")
    if not finding.strip() or not reason.strip():
        raise click.BadParameter(f"{text!r} is not {FINDING_REASON}", param_hint="--override")
    return finding.strip(), reason.strip()
