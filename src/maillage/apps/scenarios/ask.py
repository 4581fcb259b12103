"""Ask for a computation of a scenario; the one of the same question that is under way is joined."""

from collections.abc import Mapping

from maillage.apps.scenarios.versions import Author
from maillage.apps.studies import asked, compute
from maillage.apps.studies.models import Run, Study
from maillage.core.scenario import Request


def ask(
    study: Study, request: Request, values: Mapping[str, float], data_folder: str, author: Author
) -> Run:
    """The run that will give the figures, queued unless somebody asked the same already."""
    question = asked.digest(asked.to_json(request, values))
    same = study.runs.filter(question=question, state__in=compute.UNDER_WAY).first()
    if same is not None:
        return same
    return compute.ask(study, request, data_folder, by=author.by, at=author.at, values=values)
