"""The pages of studies: those in charge compute and publish, everybody reads what is published."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.studies import compute, downloads, follow, listing, study_page
from maillage.apps.studies.forms import NewStudy
from maillage.apps.studies.home import frame
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.studies.open_study import open_study
from maillage.apps.studies.publish import publish, unpublish
from maillage.apps.studies.rules import may_compute, may_publish, may_read, readable, study_of
from maillage.apps.studies.shown import Shown
from maillage.apps.territories import freshness
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.apps.territories.sources import can_load
from maillage.core.scenario import Request
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import anyone, is_fragment, page, signed_in
from maillage.kit.refusal import Refusal

POST = ("POST",)
FORM = ("GET", "HEAD", "POST")


def run_of(person: Any, pk: int, slug: str, number: int) -> Run:
    """A computation of such a study."""
    study = study_of(person, pk, slug)
    run = get_object_or_404(study.runs, number=number)
    run.study = study
    return run


def published(_person: Any, pk: int, slug: str) -> Shown:
    """The result of a study that everybody reads."""
    run = Run.objects.published().filter(study_id=pk, study__slug=slug).first()
    if run is None:
        raise Http404(pk)
    return Shown(run.study, run, run.study.get_absolute_url())


def may_follow(person: Any, run: Run) -> bool:
    """Who reads the study follows its computations."""
    return may_read(person, run.study)


def may_show(person: Any, run: Run) -> bool:
    """Who answers for the study chooses what everybody reads."""
    return may_publish(person, run.study)


def may_steer(person: Any, run: Run) -> bool:
    """Who makes the study stops its computations."""
    return may_compute(person, run.study)


@page(rule=signed_in)
def studies(request: HttpRequest) -> HttpResponse:
    """The studies that the person is in charge of, or may open."""
    found = readable(request.user).select_related("territory")
    if siren := request.GET.get("territoire", ""):
        found = found.filter(territory_id=siren)
    latest = Run.objects.found().filter(study=OuterRef("pk")).order_by("-number")
    ordered = found.annotate(
        summary=Subquery(latest.values("summary")[:1]),
        computed_at=Subquery(latest.values("finished_at")[:1]),
    ).order_by("-created_at")
    listed = Paginator(ordered, listing.A_PAGE).get_page(request.GET.get("page"))
    places = list(listing.where_may_open(request.user))
    context = {
        "crumbs": [Crumb(_("Études"))],
        "table": listing.table(listed, request.GET),
        "page": listed,
        "places": [Link(t.name, reverse("new_study", args=(t.pk,))) for t in places],
        "nothing": listing.nothing_to_read(may_open=bool(places)),
    }
    return render(request, "studies/list.html", context)


def territory_of(_person: Any, siren: str) -> Territory:
    """A territory of the list: whether one may study it is the rule's business."""
    return get_object_or_404(Territory, pk=siren)


@page(rule=may_compute, of=territory_of, methods=FORM)
def new(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Open a study and ask for its first result at once."""
    form = NewStudy(request.POST or None, initial={"first_year": now().year + 1})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return _open(request, territory, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if form.is_bound:
        status = 422
    context = {
        **frame(territory, Crumb(_("Nouvelle étude"))),
        "form": form,
        "territory": territory,
        "can_load": can_load(territory.pk, settings.DATA_FOLDER),
        "nothing": listing.without_tables(territory),
    }
    return render(request, "studies/new.html", context, status=status)


def _open(request: HttpRequest, territory: Territory, asked: dict[str, Any]) -> HttpResponse:
    by, at = request.user.pk, now()
    # a computation that is refused leaves no study behind: the same title may be sent again
    with transaction.atomic():
        study = open_study(territory, asked["title"], by=by, at=at)
        run = compute.ask(
            study, Request(first_year=asked["first_year"]), settings.DATA_FOLDER, by=by, at=at
        )
    return redirect("run", pk=study.pk, slug=study.slug, number=run.number)


@page(rule=may_compute, of=study_of, methods=POST)
def ask(request: HttpRequest, of: Study) -> HttpResponse:
    """Compute it again, with today's tables."""
    latest = of.runs.order_by("-number").first()
    year = latest.request["first_year"] if latest else now().year + 1
    run = compute.ask(
        of, Request(first_year=year), settings.DATA_FOLDER, by=request.user.pk, at=now()
    )
    return redirect("run", pk=of.pk, slug=of.slug, number=run.number)


@page(rule=may_show, of=run_of, methods=FORM)
def publication(request: HttpRequest, of: Run) -> HttpResponse:
    """Publish a result: said first, then done."""
    if request.method == "POST":
        publish(of, by=request.user.pk, at=now())
        messages.success(request, _("Chacun lit maintenant ce résultat."))
        return redirect("study", pk=of.study.pk, slug=of.study.slug)
    dialog = Dialog(
        _("Publier le calcul {n} ?").format(n=of.number),
        _("Chacun pourra le lire et télécharger ses fichiers, à la place du précédent."),
        _("Publier ce résultat"),
        Link(_("Ne pas publier"), _address(of)),
    )
    return _confirm(request, of.study, dialog)


@page(rule=may_publish, of=study_of, methods=FORM)
def withdrawal(request: HttpRequest, of: Study) -> HttpResponse:
    """Take a study back from the public: said first, then done."""
    home = reverse("study", args=(of.pk, of.slug))
    if request.method == "POST":
        unpublish(of, by=request.user.pk, at=now())
        messages.success(request, _("L’étude n’est plus publique."))
        return redirect(home)
    dialog = Dialog(
        _("Retirer « {title} » du public ?").format(title=of.title),
        _("Sa page publique et ses fichiers ne répondront plus."),
        _("Retirer l’étude"),
        Link(_("La garder publique"), home),
    )
    return _confirm(request, of, dialog)


def _confirm(request: HttpRequest, of: Study, dialog: Dialog) -> HttpResponse:
    home = reverse("study", args=(of.pk, of.slug))
    crumbs = (Crumb(of.title, home), Crumb(_("Publication")))
    context = {**frame(of.territory, *crumbs), "dialog": dialog}
    return render(request, "confirm.html", context)


@page(rule=may_follow, of=run_of)
def run(request: HttpRequest, of: Run) -> HttpResponse:
    """A computation: its result, its progress, or why there is none."""
    if of.state not in compute.UNDER_WAY and follow.FOLLOWING in request.GET:
        return _whole_page(request, of)
    if of.state == RunState.DONE:
        return _result(request, _shown(of), "studies/result.html")
    home = reverse("study", args=(of.study.pk, of.study.slug))
    crumbs = (Crumb(of.study.title, home), Crumb(_("Calcul {n}").format(n=of.number)))
    context = {**frame(of.study.territory, *crumbs), "study": of.study, "run": of}
    if of.state in compute.UNDER_WAY:
        context["progress"] = follow.progress(of, _address(of), _stop_address(request, of))
        return render(request, "studies/progress.html", context)
    context["message"] = follow.ended(of)
    context["may_compute"] = may_compute(request.user, of.study)
    return render(request, "studies/without_result.html", context)


def _whole_page(request: HttpRequest, of: Run) -> HttpResponse:
    """It is over: whoever follows it leaves the progress for what it gave."""
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": _address(of)})
    return redirect(_address(of))


@page(rule=may_steer, of=run_of, methods=POST)
def stop(request: HttpRequest, of: Run) -> HttpResponse:
    """Stop a computation."""
    compute.stop(of, by=request.user.pk, at=now())
    return redirect(_address(of))


@page(rule=anyone, of=published)
def published_study(request: HttpRequest, of: Shown) -> HttpResponse:
    """A published study, for everybody."""
    return freshness.answer(
        request, of.version, lambda: _result(request, of, "studies/published.html")
    )


@page(rule=anyone)
def published_file(request: HttpRequest, pk: int, slug: str, name: str) -> HttpResponse:
    """A file of a published study."""
    return downloads.answer(request, published(request.user, pk, slug), name)


@page(rule=signed_in)
def run_file(request: HttpRequest, pk: int, slug: str, number: int, name: str) -> HttpResponse:
    """A file of a result, for those in charge."""
    of = run_of(request.user, pk, slug, number)
    if of.state != RunState.DONE or not may_follow(request.user, of):
        raise Http404(name)
    return downloads.answer(request, _shown(of), name)


@page(rule=anyone)
def project(request: HttpRequest) -> HttpResponse:
    """Every published study."""
    siren = request.GET.get("territoire", "")
    context = {
        "crumbs": [Crumb(_("Études publiées"))],
        "studies": listing.published_studies(siren),
        "nothing": listing.nothing_published(),
    }
    return render(request, "studies/project.html", context)


def _result(request: HttpRequest, of: Shown, template: str) -> HttpResponse:
    study = of.study
    is_public = template == "studies/published.html"
    if is_public:
        crumbs = [Crumb(_("Études publiées"), reverse("project")), Crumb(study.title)]
    else:
        home = reverse("study", args=(study.pk, study.slug))
        crumbs = [
            Crumb(_("Études"), reverse("studies")),
            Crumb(study.title, home),
            Crumb(_("Calcul {n}").format(n=of.run.number)),
        ]
    context = {
        **study_page.context(of, request.GET),
        "crumbs": crumbs,
        "territory_name": short_name(study.territory.name),
        "study": study,
        "run": of.run,
        # what everybody reads is the same for everybody
        "may_compute": not is_public and may_compute(request.user, study),
    }
    return render(request, template, context)


def _shown(of: Run) -> Shown:
    return Shown(of.study, of, _address(of))


def _stop_address(request: HttpRequest, of: Run) -> str:
    if not may_steer(request.user, of):
        return ""
    return reverse("run_stop", args=(of.study.pk, of.study.slug, of.number))


def _address(of: Run) -> str:
    return reverse("run", args=(of.study.pk, of.study.slug, of.number))
