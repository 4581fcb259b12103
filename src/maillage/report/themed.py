"""A chart made for a page: it follows the page's colours, light or dark, and is one image.

Colours become the page's tokens with ours as fallback, so that the same file reads on its own;
the marks lose the roles and names that a chart library gives them: the image has one
alternative, and its table says the rest.
"""

import re
from xml.sax.saxutils import escape

from maillage.report import charts

TOKENS = {
    charts.INK: "--ink",
    charts.INK_2: "--ink-2",
    charts.INK_3: "--ink-3",
    charts.LINE: "--line",
    charts.SAPIN: "--sapin",
    charts.SAPIN_LIGHT: "--sapin-range",
    charts.RULE: "--danger",
    charts.GROUND: "--bs-body-bg",
}
_COLOUR = re.compile(r'(fill|stroke)="(#[0-9A-Fa-f]{6})"')
_INNER = re.compile(r' (?:role|aria-[a-z]+|class|pointer-events)="[^"]*"')
_ROOT = re.compile(r"<svg [^>]*?(width=\"\d+\" height=\"\d+\" viewBox=\"[^\"]+\")>")


def chart(spec: charts.Spec, alternative: str) -> bytes:
    """A specification drawn for a page, with its alternative text."""
    bare = _INNER.sub("", charts.draw(spec))
    named = _ROOT.sub(
        rf'<svg xmlns="http://www.w3.org/2000/svg" \1 role="img">'
        f"<title>{_literal(escape(alternative))}</title>",
        bare,
        count=1,
    )
    themed = _COLOUR.sub(_token, named)
    family = 'font-family="Public Sans, system-ui, sans-serif"'
    return themed.replace('font-family="Public Sans"', family).encode()


def _token(found: re.Match[str]) -> str:
    attribute, colour = found.groups()
    token = TOKENS.get(colour)
    return f'{attribute}="var({token}, {colour})"' if token else found.group()


def _literal(text: str) -> str:
    """A text in which a regular expression's replacement reads no escape."""
    return text.replace("\\", r"\\")
