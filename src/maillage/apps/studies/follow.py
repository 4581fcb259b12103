"""Follow a computation: where it stands, and why it gave nothing."""

from django.utils.translation import gettext as _

from maillage.apps.studies.models import Run, RunState
from maillage.core import scenario
from maillage.kit.components import Message, Progress
from maillage.report import french

# in the address that the progress asks for news: its answer is never the result itself
FOLLOWING = "suivi"


def progress(run: Run, href: str, stop_href: str = "") -> Progress:
    """The steps of a run, asked again at an address of the page that shows them."""
    steps = ("tables", *scenario.STEPS, "files")
    done = steps.index(run.step) if run.step in steps else 0
    return Progress(
        label=french.STEPS.get(run.step, _("En attente d’un calculateur")),
        poll_href=f"{href}?{FOLLOWING}=1",
        done=done,
        total=len(steps),
        stop_href=stop_href,
    )


def ended(run: Run) -> Message:
    """Why a run that is over gave nothing."""
    if run.state == RunState.REFUSED:
        return Message("warning", run.refusal)
    if run.state == RunState.STOPPED:
        return Message("info", _("Ce calcul a été arrêté. Rien n’a été enregistré."))
    return Message(
        "danger", _("Ce calcul s’est interrompu. Rien n’a été enregistré : relancez-le.")
    )
