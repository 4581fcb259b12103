"""Every door has a rule: what is written here is what the house promises of its addresses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "src" / "maillage").rglob("templates/**/*.html"))


def routes(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address with its pattern."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        else:
            yield address, pattern


def test_every_address_has_a_rule():
    without = [
        address
        for address, pattern in routes(get_resolver().url_patterns)
        if not callable(getattr(pattern.callback, "rule", None))
    ]

    assert without == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_a_template_has_no_inline_script_nor_style_and_queries_nothing(template):
    text = template.read_text(encoding="utf-8")

    assert re.findall(r"\sstyle=|\son[a-z]+=|<style|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text) == []
    # a manager in a template is a query that no test counts
    assert re.findall(r"\.(?:objects|all|filter|count|exists)\b(?!\|)", text) == []


def test_every_template_is_used():
    code = "\n".join(
        p.read_text(encoding="utf-8")
        for p in [*(ROOT / "src" / "maillage").rglob("*.py"), *TEMPLATES]
    )
    # names that Django or allauth look for by themselves
    found_by_name = re.compile(r"^(\d{3}|\d{3}_csrf)\.html$|^(account|mfa|socialaccount)/")

    unused = [
        name
        for path in TEMPLATES
        if not found_by_name.match(name := path.as_posix().split("/templates/")[1])
        and name not in code
        and name.removeprefix("components/").removesuffix(".html") not in code
    ]

    assert unused == []
