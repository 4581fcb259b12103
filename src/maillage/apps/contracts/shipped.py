"""The templates that come with the product: articles, law, usual terms."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from maillage.apps.contracts.models import Contract, Kind, Wording
from maillage.apps.people.models import Organisation
from maillage.report.contract_words import Article

FILE = Path(__file__).with_name("templates.toml")


@dataclass(frozen=True)
class Template:
    """A kind of contracts as it is shipped.

    law, confirm    on which texts it leans, what a jurist still has to confirm
    least_months    the shortest term that the law allows, 0 without
    must_renew      whether the law wants tacit renewal
    needs_approval  whether its operator must be approved
    """

    kind: Kind
    version: int
    title: str
    subtitle: str
    law: tuple[str, ...]
    confirm: str
    months: int
    renewal_months: int
    notice_months: int
    ends_anytime: bool
    is_charged: bool
    every: str
    articles: tuple[Article, ...]
    least_months: int = 0
    must_renew: bool = False
    needs_approval: bool = False


@lru_cache(maxsize=1)
def templates() -> dict[str, Template]:
    """The shipped templates by kind; a template that lacks a word is a TypeError."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {code: _template(code, words) for code, words in read.items()}


def articles_of(contract: Contract) -> tuple[Article, ...]:
    """The articles that a contract is written with; its wording must be loaded."""
    if contract.wording is not None:
        return tuple(Article(**one) for one in contract.wording.articles)
    return templates()[contract.kind].articles


def wording_in_use(operator: Organisation, kind: str) -> Wording | None:
    """The latest articles of an operator; None: those of the shipped template."""
    rows = Wording.objects.filter(operator=operator, kind=kind)
    return rows.order_by("-version").first()


def _template(code: str, words: dict[str, object]) -> Template:
    articles = words.pop("articles")
    law = words.pop("law")
    if not isinstance(articles, list) or not isinstance(law, list):
        raise TypeError(code)
    made = tuple(Article(one["title"], one["text"].strip()) for one in articles)
    return Template(kind=Kind(code), law=tuple(law), articles=made, **words)  # type: ignore[arg-type]
