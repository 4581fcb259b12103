"""The living page: every component in every state, for those who build pages."""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from maillage.kit import components as c
from maillage.kit import tables as t
from maillage.kit.pages import anyone, page
from maillage.report import french

# invented values, announced as such by their origin and by the banner of the page
SOURCE = "Valeurs d’exemple"


class Request(forms.Form):
    """Every kind of field, one of them wrong."""

    name = forms.CharField(label="Nom du lieu", help_text="Comme sur la devanture.")
    seats = forms.IntegerField(
        label="Places",
        min_value=2,
        max_value=60,
        error_messages={"min_value": "Indiquez un nombre entre 2 et 60."},
    )
    email = forms.EmailField(
        label="Adresse électronique",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    kind = forms.ChoiceField(label="Sorte de lieu", choices=[("", "Choisir"), *c.TIERS.items()])
    host = forms.ChoiceField(
        label="Qui tient le lieu ?",
        choices=[("shop", "Un commerce"), ("commune", "La commune")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez qui tient le lieu."},
    )
    agreed = forms.BooleanField(label="Le propriétaire est d’accord", required=False)
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea({"rows": 3}))


class Wanted(forms.Form):
    """The filters of a list."""

    commune = forms.ChoiceField(
        label="Commune",
        required=False,
        choices=[("", "Toutes"), ("69103", "Jullié"), ("69090", "Fleurie")],
    )
    state = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), *((code, words) for code, (words, _) in c.STATES.items())],
    )


@page(rule=anyone)
def living(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    shown = _words() | _lists(request) | _forms(request) | {"progress": _progress(request)}
    return render(request, "living.html", shown)


def _progress(request: HttpRequest) -> c.Progress:
    if "fini" in request.GET:
        return c.Progress("Calcul terminé", "", 20, 20, is_over=True)
    return c.Progress("Calcul en cours", "?fini=1", 12, 20, stop_href="?arret=1")


def _words() -> dict[str, Any]:
    return {
        "crumbs": [c.Crumb("Développement", "/"), c.Crumb("Composants")],
        "stale": "Données de 9 h 12, connexion perdue.",
        "origins": list(c.ORIGINS),
        "states": list(c.STATES),
        "tiers": list(c.TIERS),
        "figures": [
            c.Figure(
                "Habitants à 10 minutes",
                "95 %",
                "modelled",
                SOURCE,
                interval="de 88 à 98 %",
                before="0 %",
            ),
            c.Figure("Habitants", french.number(46_214), "observed", SOURCE, vintage="2023"),
            c.Figure("Loyer annoncé", "350 €", "declared", SOURCE, unit="par mois"),
            c.Figure(
                "Preuve",
                "Optimal",
                "example",
                SOURCE,
                icon="rosette-discount-check",
                detail="7 lieux",
            ),
        ],
        "messages_shown": [
            c.Message("success", "C’est enregistré. Le lieu ouvre le 17 mars 2027."),
            c.Message("info", "Deux autres scénarios existent.", c.Link("Les comparer", "#")),
            c.Message(
                "warning",
                "Plus de place à Lancié ce matin. Il en reste 2 à Jullié, à 12 minutes.",
                c.Link("Réserver à Jullié", "#"),
            ),
            c.Message("danger", "Nous n’avons pas pu enregistrer. Votre saisie est conservée."),
        ],
        "emptiness": c.Empty(
            "Aucun local décrit.",
            "Sans local, les coûts restent des moyennes.",
            c.Link("Ajouter un local", "#"),
        ),
        "dialog": c.Dialog(
            "Retirer Jullié ?",
            "2 443 habitants passeraient au-delà de 10 minutes.",
            "Retirer Jullié",
            c.Link("Garder", "#"),
            fields={"site": "exemple"},
        ),
        "shares": [
            c.Share("epci", "Intercommunalité", 118_000, french.planned_euros(118_000)),
            c.Share("communes", "Communes", 64_000, french.planned_euros(64_000)),
            c.Share("employers", "Employeurs", 92_000, french.planned_euros(92_000)),
            c.Share("users", "Usagers", 70_000, french.planned_euros(70_000)),
            c.Share("grants", "Subventions", 46_000, french.planned_euros(46_000)),
        ],
        "steps": [
            c.Step("Mars 2026", "Étude remise", "done", "Trois scénarios comparés.", _file()),
            c.Step("En cours", "Ouverture des relais", "now", "Six relais ouverts sur sept."),
            c.Step("2027", "Premier bilan", "next"),
        ],
        **_bars(),
    }


def _bars() -> dict[str, Any]:
    late, due = c.Stretch("25", "15"), [c.Milestone("25", is_full=True), c.Milestone("60")]
    first = c.Bar(c.Stretch("0", "25"), c.Stretch("2", "38"), late, due[:1])
    then = c.Bar(c.Stretch("25", "35"), None, c.Stretch("25", "10"), due[1:])
    parts = [c.Part(c.Link("Note de cadrage", "#"), "acceptée le 3 mars 2027", is_done=True)]
    text = "Réel : du 6 janvier au 12 février 2027."
    return {
        "bars": [
            c.Step(
                "Du 4 au 31 janvier 2027",
                "Phase 1",
                "done",
                text,
                None,
                "#",
                "12 jours de retard",
                first,
                parts,
            ),
            c.Step("Du 1er février au 3 mars 2027", "Phase 2", "next", bar=then),
        ],
        "bars_axis": c.Axis([c.Tick("0", "janvier 2027"), c.Tick("50", "février")], "35"),
    }


def _file() -> c.Document:
    return c.Document("Délibération", "#", "application/pdf", 212_000, date(2026, 6, 17))


def _lists(request: HttpRequest) -> dict[str, Any]:
    columns = (
        t.Column("name", "Commune", is_sortable=True),
        t.Column("state", "État"),
        t.Column("people", "Habitants", is_numeric=True, is_sortable=True),
        t.Column("minutes", "Trajet", is_numeric=True, is_sortable=True, origin="modelled"),
        t.Column("cost", "Coût par an", is_numeric=True, is_sortable=True),
    )
    rows = [
        _row("Belleville", "hub", "open", 13_421, 4, 52_000),
        _row("Émeringes", "mini", "planned", 243, 9, 6_000),
        _row("Jullié", "mini", "works", 492, 6, None),
        _row("Fleurie", "corpo", "closed", 1_252, 12, 8_500),
    ]
    files = (
        c.Document("CSV", "#", "text/csv", 11_000),
        c.Document("Excel FR", "#", "text/csv", 14_000),
    )
    table = t.Table(
        "lieux",
        "Les lieux d’exemple",
        columns,
        t.sorted_by(rows, columns, request.GET),
        total=t.Row({"name": "Total", "people": 15_408, "cost": t.Number(66_500, "66 500 €")}),
        downloads=files,
        note=SOURCE,
    )
    return {
        "table": table,
        "nothing": t.Table("rien", "Une liste sans ligne", columns[:3], []),
        "pages": Paginator(range(95), 20).get_page(2),
        "map": c.MapPanel(
            "carte", _drawing(), "La carte d’exemple montre un site.", "lieux", tiers=tuple(c.TIERS)
        ),
        "document": _file(),
    }


def _row(name: str, tier: str, state: str, people: int, minutes: int, cost: int | None) -> t.Row:
    cells: dict[str, t.Cell] = {
        "name": t.Mark("tier", tier, name, f"#lieux-{name}"),
        "state": t.Mark("state", state),
        "people": people,
        "minutes": t.Mark("minutes", minutes),
        "cost": None if cost is None else t.Number(cost, french.planned_euros(cost)),
    }
    return t.Row(cells, key=name, is_selected=name == "Jullié")


def _drawing() -> str:
    return (
        '<svg viewBox="0 0 400 200" role="img" aria-label="Carte d’exemple">'
        '<path d="M60 30h250l40 90-120 60H80z" fill="#fff" stroke="#43514c" stroke-width="1.6"/>'
        '<path d="M150 80h30v30h-30z" fill="#063f3a" stroke="#3d4d47"/>'
        '<circle cx="180" cy="100" r="12" fill="#c2410c" stroke="#fff" stroke-width="2"/></svg>'
    )


def _forms(request: HttpRequest) -> dict[str, Any]:
    return {
        "form": Request(),
        "wrong": Request(
            {"faux-name": "Café de la place", "faux-seats": "1", "faux-kind": "mini"}, prefix="faux"
        ),
        "filters": c.filters_of(Wanted(request.GET), request.GET),
    }


urlpatterns = [path("composants/", living, name="living")]
