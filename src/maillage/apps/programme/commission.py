"""Commission a contractor, amend what was agreed, end it, resume it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.apps.programme.models import WHOLE_BP, Commission, Phase, Programme
from maillage.apps.programme.versions import refuse_older
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Terms:
    """What is agreed; amounts in cents before tax, `vat_bp` in hundredths of a percent."""

    contractor_id: int
    scope_text: str
    agreed_on: date
    amount_cents: int
    vat_bp: int
    ranks: tuple[int, ...]


class NotOfTheRegister(Refusal):
    """A contractor is an organisation of the territory's register."""

    sentence = "Ce prestataire n'est pas au registre du territoire. Ajoutez-le, puis revenez."
    status = 422


class NoPhase(Refusal):
    """The work belongs to phases of this programme."""

    sentence = "Choisissez au moins une phase de ce programme."
    status = 422


class WrongAmount(Refusal):
    """Amounts are not negative, and the tax is a share of them."""

    sentence = "Indiquez un montant positif et un taux de TVA entre 0 et 100."
    status = 422


class AlreadyEnded(Refusal):
    """It was given up."""

    sentence = "Cette mission est terminée. Reprenez-la pour la modifier."


class NotEnded(Refusal):
    """It goes on."""

    sentence = "Cette mission est en cours : il n'y a rien à reprendre."


class EndsBeforeAgreed(Refusal):
    """The end is not before the beginning."""

    sentence = "La mission finirait avant sa notification. Indiquez un jour plus tardif."
    status = 422


def commission(programme: Programme, terms: Terms, *, by: int | None, at: datetime) -> Commission:
    """A contractor is asked for some work, on some phases."""
    with transaction.atomic():
        phases = _agreed(programme, terms)
        made = Commission.objects.create(programme=programme, **_columns(terms))
        made.phases.set(phases)
        _record("commission.sign", made, by, at)
    return made


def amend(of: Commission, terms: Terms, *, version: int, by: int | None, at: datetime) -> None:
    """Change what was agreed.

    version  the one that the person read
    """
    with transaction.atomic():
        held = _under_way(of)
        refuse_older(held, version, "commission")
        phases = _agreed(held.programme, terms)
        for name, value in _columns(terms).items():
            setattr(held, name, value)
        held.phases.set(phases)
        _written("commission.amend", held, by, at)


def end(of: Commission, on: date, note: str, *, by: int | None, at: datetime) -> None:
    """Given up from a day on, with why."""
    with transaction.atomic():
        held = _under_way(of)
        if on < held.agreed_on:
            raise EndsBeforeAgreed
        held.ended_on, held.end_note = on, note.strip()
        _written("commission.end", held, by, at)


def resume(of: Commission, *, by: int | None, at: datetime) -> None:
    """Take its end back."""
    with transaction.atomic():
        held = _held(of)
        if held.ended_on is None:
            raise NotEnded
        held.ended_on, held.end_note = None, ""
        _written("commission.resume", held, by, at)


def _agreed(programme: Programme, terms: Terms) -> list[Phase]:
    register = Organisation.objects.filter(territory_siren=programme.study.territory_id)
    if not register.filter(pk=terms.contractor_id).exists():
        raise NotOfTheRegister
    if terms.amount_cents < 0 or not 0 <= terms.vat_bp <= WHOLE_BP:
        raise WrongAmount
    phases = list(programme.phases.filter(rank__in=terms.ranks))
    if not phases or len(phases) != len(set(terms.ranks)):
        raise NoPhase
    return phases


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "contractor_id": terms.contractor_id,
        "scope_text": terms.scope_text.strip(),
        "agreed_on": terms.agreed_on,
        "amount_cents": terms.amount_cents,
        "vat_bp": terms.vat_bp,
    }


def _held(of: Commission) -> Commission:
    rows = Commission.objects.select_for_update(of=("self",)).select_related("programme__study")
    return rows.get(pk=of.pk)


def _under_way(of: Commission) -> Commission:
    held = _held(of)
    if held.ended_on is not None:
        raise AlreadyEnded
    return held


def _written(act: str, held: Commission, by: int | None, at: datetime) -> None:
    held.version += 1
    held.save()
    _record(act, held, by, at)


def _record(act: str, of: Commission, by: int | None, at: datetime) -> None:
    record(act, ("commission", of.pk), by=by, at=at, scope=of.scopes[0])
