"""Trainings: opened, joined, called off, judged; certifications withdrawn."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.machines import rules, shown
from maillage.apps.machines.certified import local_day
from maillage.apps.machines.certify import certify, not_yet_able, proposed_end
from maillage.apps.machines.enrol import enrol, withdraw
from maillage.apps.machines.forms import Certify, OpenSession, Revoke
from maillage.apps.machines.mark_present import mark_present
from maillage.apps.machines.models import Attendee, Certification, TrainingSession
from maillage.apps.machines.open_session import cancel_session, open_session
from maillage.apps.machines.pages.common import POST, WRITING, WRONG, frame, written
from maillage.apps.machines.revoke import revoke
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Space
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import french, moments

PRESENT, AWAY, ABLE, NOT_YET = "present", "absent", "habiliter", "a-revoir"


@page(rule=rules.may_train, of=rules.machine_of, methods=WRITING)
def new(request: HttpRequest, space: Space) -> HttpResponse:
    """Announce a training."""
    form = OpenSession(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = open_session(
                space,
                form.period(ZoneInfo(space.site.zone)),
                places=said["places"],
                note=said["note"],
                by=request.user.pk or 0,
                at=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La séance est ouverte aux inscriptions."))
            return redirect("training", made.pk)
    context = {
        **frame(space, Crumb(_("Nouvelle séance"))),
        "form": form,
        "title": _("Ouvrir une séance : {name}").format(name=space.name),
        "act": _("Ouvrir la séance"),
        "machine": {"pk": space.pk},
    }
    return render(request, "machines/form.html", context, status=written(form))


@page(rule=rules.may_follow, of=rules.session_of, methods=WRITING)
def training(request: HttpRequest, session: TrainingSession) -> HttpResponse:
    """Who is enrolled, who came, who is able."""
    at = now()
    today = local_day(session.space.site, at)
    form = Certify(
        request.POST if request.POST.get("acte") == ABLE else None,
        # the errors lead to the field of the person they are about
        auto_id=f"%s-{request.POST.get('inscription', '')}",
        initial={"expires_on": proposed_end(session.space, today)},
    )
    if request.method == "POST":
        done = _judged(request, session, form)
        if done is not None:
            return done
    begins, ends = shown.when(session)
    context = {
        **frame(session.space, Crumb(moments.slot(begins, ends))),
        "form": form,
        "session": {
            "pk": session.pk,
            "when": moments.slot(begins, ends),
            "trainer": session.trainer.person.name,
            "places": session.places,
            "note": session.note,
            "is_cancelled": session.cancelled_at is not None,
            "has_begun": session.period.lower <= at,
        },
        "machine": {"pk": session.space_id, "name": session.space.name},
        "attendees": shown.attendees(session),
        "may_train": rules.may_train(request.user, session.space),
        "acts": {"present": PRESENT, "away": AWAY, "able": ABLE, "not_yet": NOT_YET},
    }
    return render(request, "machines/training.html", context, status=written(form))


def _judged(request: HttpRequest, session: TrainingSession, form: Certify) -> HttpResponse | None:
    """What the trainer said of one person; None when the form must be shown again."""
    key = request.POST.get("inscription", "")
    one = get_object_or_404(
        Attendee.objects.select_related("person", "session__space__site"),
        session=session,
        pk=int(key) if key.isdigit() else 0,
    )
    by, at, name = request.user.pk or 0, now(), one.person.name
    match request.POST.get("acte"):
        case "present":
            mark_present(one, was_present=True, by=by, at=at)
            words = _("{name} : présence notée.")
        case "absent":
            mark_present(one, was_present=False, by=by, at=at)
            words = _("{name} : absence notée.")
        case "a-revoir":
            not_yet_able(one, by=by, at=at)
            words = _("{name} : une autre séance sera nécessaire.")
        case _:
            if not form.is_valid():
                return None
            made = certify(one, expires_on=form.cleaned_data["expires_on"], by=by, at=at)
            words = _("{name} est habilité·e jusqu’au {day}.").replace(
                "{day}", french.day(made.expires_on)
            )
    messages.success(request, words.format(name=name))
    return redirect("training", session.pk)


@page(rule=rules.may_see, of=rules.session_of, methods=POST)
def join(request: HttpRequest, session: TrainingSession) -> HttpResponse:
    """A place in a training."""
    enrol(session, _self(request), at=now())
    begins, ends = shown.when(session)
    words = _("Vous êtes inscrit·e : {slot}.").format(slot=moments.slot(begins, ends))
    messages.success(request, words)
    return redirect("machine", session.space_id)


@page(rule=rules.may_see, of=rules.session_of, methods=POST)
def quit_training(request: HttpRequest, session: TrainingSession) -> HttpResponse:
    """The place is given back."""
    withdraw(session, _self(request), at=now())
    messages.success(request, _("Votre inscription est annulée. La place est rendue."))
    return redirect("machine", session.space_id)


@page(rule=rules.may_follow, of=rules.session_of, methods=WRITING)
def cancel(request: HttpRequest, session: TrainingSession) -> HttpResponse:
    """Call a training off: said first, then done."""
    if request.method == "POST":
        cancel_session(session, by=request.user.pk or 0, at=now())
        messages.success(
            request, _("La séance est annulée, les personnes inscrites sont prévenues.")
        )
        return redirect("machine", session.space_id)
    count = session.attendees.count()
    told = french.count(count, _("personne sera prévenue"), _("personnes seront prévenues"))
    dialog = Dialog(
        _("Annuler cette séance ?"),
        _("{told} par message. La séance ne pourra pas être rétablie.").format(told=told),
        _("Annuler la séance"),
        Link(_("La garder"), reverse("training", args=(session.pk,))),
    )
    context = {**frame(session.space, Crumb(_("Annuler une séance"))), "dialog": dialog}
    return render(request, "confirm.html", context)


@page(rule=rules.may_follow, of=rules.certification_of, methods=WRITING)
def revocation(request: HttpRequest, one: Certification) -> HttpResponse:
    """Withdraw a certification, saying why."""
    form = Revoke(request.POST or None)
    if form.is_valid():
        try:
            revoke(one, reason=form.cleaned_data["reason"], by=request.user.pk or 0, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("L’habilitation de {name} est retirée.").format(name=one.person.name)
            messages.success(request, words)
            return redirect("machine", one.space_id)
    context = {
        **frame(one.space, Crumb(_("Retirer une habilitation"))),
        "form": form,
        "title": _("Retirer l’habilitation de {name} ?").format(name=one.person.name),
        "lead": _(
            "{machine} : la personne ne pourra plus la réserver. Elle lira la raison."
        ).format(machine=one.space.name),
        "act": _("Retirer l’habilitation"),
        "machine": {"pk": one.space_id},
    }
    return render(
        request,
        "machines/form.html",
        context,
        status=WRONG if form.is_bound and form.errors else 200,
    )


def _self(request: HttpRequest) -> Person:
    return Person.objects.get(pk=request.user.pk or 0)
