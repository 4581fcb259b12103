"""The tables of a study's money."""

from maillage.core.scenario import Outcome
from maillage.report import french, shown, summary
from maillage.report.money_table import money_table
from maillage.report.shown import Cell, Column, Grid
from maillage.report.study_page.tables import texts


def payers(outcome: Outcome) -> Grid:
    """Who pays the investment, and a year once everything is open."""
    columns = (
        Column("payer", "Payeur"),
        Column("investment", "Investissement", is_numeric=True),
        Column("yearly", "Par an, à l'année 5", is_numeric=True),
    )
    return Grid("Qui paie quoi (cas central)", columns, texts(summary.money_lines(outcome)))


def years(outcome: Outcome) -> Grid:
    """The budget year by year, in euros before tax."""
    table = money_table(outcome)
    header = [str(title) for title in table["header"]]
    keys = ["line", *(f"y{title}" for title in header[1:-1]), "all"]
    columns = tuple(
        Column(key, title or "€ hors taxes", is_numeric=n > 0)
        for n, (key, title) in enumerate(zip(keys, header, strict=True))
    )
    rows = texts([[str(cell) for cell in row] for row in table["rows"]])
    (total,) = texts([[str(cell) for cell in table["total"]]])
    return Grid("Le budget, année par année", columns, rows, total)


def contributions(outcome: Outcome) -> Grid:
    """The two legal tests of funding at several grant rates."""
    columns = (
        Column("grant_rate", "Taux d'aide", is_numeric=True),
        Column("own", "Reste aux communes", is_numeric=True),
        Column("own_share", "Leur part du financement public", is_numeric=True),
        Column("is_own_enough", "Minimum de 20 %"),
        Column("matching_most", "Fonds de concours, au plus", is_numeric=True),
    )
    rows = tuple(
        (
            shown.share(c.grant_rate),
            Cell(french.planned_cents(c.own_cents), c.own_cents / 100),
            shown.share(c.own_share),
            shown.words("tenu" if c.is_own_enough else "non tenu"),
            Cell(french.planned_cents(c.matching_most_cents), c.matching_most_cents / 100),
        )
        for c in outcome.money.contributions
    )
    return Grid("Les deux tests du financement", columns, rows)
