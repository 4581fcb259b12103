"""Which account is for what: the usual plan, and what an operator changes of it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from maillage.core.bad_input import BadInput

# the three first are digits of the French plan
_NUMBER = re.compile(r"[1-7][0-9]{2}[0-9A-Z]{0,9}")
_RATE = re.compile(r"vat_([0-9]{1,4})")


@dataclass(frozen=True)
class Account:
    """A line of the plan."""

    number: str
    label: str


@dataclass(frozen=True)
class Plan:
    """The accounts by what they are for, the names of journals by their code."""

    accounts: Mapping[str, Account]
    journals: Mapping[str, str]

    def __getitem__(self, key: str) -> Account:
        return self.accounts[key]

    def vat(self, rate_bp: int) -> Account:
        """The account of the tax invoiced at a rate: its own if the operator gave one."""
        return self.accounts.get(f"vat_{rate_bp}", self.accounts["vat"])

    def with_numbers(self, own: Mapping[str, str]) -> "Plan":
        """The same plan with the numbers of an operator, by key (`vat_2000` for one rate).

        Raises BadInput `account_unknown`, `account_unfit`.
        """
        accounts = dict(self.accounts)
        for key, number in own.items():
            base = "vat" if _RATE.fullmatch(key) else key
            if base not in accounts:
                raise BadInput("account_unknown", key=key[:40], known=sorted(self.accounts))
            number = number.strip().upper()
            if not _NUMBER.fullmatch(number) or number[0] != accounts[base].number[0]:
                usual = accounts[base].number
                raise BadInput("account_unfit", key=key, number=number[:20], usual=usual)
            accounts[key] = replace(accounts[base], number=number)
        return Plan(accounts, self.journals)


@lru_cache(maxsize=1)
def usual() -> Plan:
    """The plan shipped with the product."""
    text = resources.files(__package__).joinpath("plan.toml").read_text(encoding="utf-8")
    written = tomllib.loads(text)
    accounts = {
        key: Account(entry["number"], entry["label"]) for key, entry in written["accounts"].items()
    }
    return Plan(accounts, written["journals"])
