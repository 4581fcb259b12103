"""Studies and their runs, as rows, and as files where a page reads them."""

from datetime import UTC, datetime

from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.studies.store import store
from maillage.apps.territories.models import Territory
from maillage.core.scenario import Outcome

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SIREN = "200067817"


def territory(siren: str = SIREN, name: str = "CC Saône-Beaujolais") -> Territory:
    """A territory of the list."""
    found, _ = Territory.objects.get_or_create(
        pk=siren, defaults={"name": name, "search_name": name.lower(), "communes": 35}
    )
    return found


def study(title: str = "Dix minutes", siren: str = SIREN, **fields) -> Study:
    """A study without any run."""
    made = {"territory": territory(siren), "slug": "dix-minutes", "created_at": AT}
    return Study.objects.create(title=title, **made | fields)


def run(of: Study, state: str = RunState.QUEUED, number: int = 1, **fields) -> Run:
    """A run of a study, without files."""
    request = {
        "first_year": 2027,
        "keep_existing": True,
        "seed": 1,
        "time_limit_s": None,
        "choices": {
            "hubs": None,
            "minis_max": None,
            "required_communes": [],
            "forbidden_communes": [],
            "commune_budget_eur": None,
            "epci_budget_eur": None,
        },
    }
    return Run.objects.create(
        study=of, number=number, state=state, asked_at=AT, **{"request": request} | fields
    )


def computed(of: Study, outcome: Outcome) -> Run:
    """A run with the files of a real result."""
    return store(of, outcome, by=None, at=AT)
