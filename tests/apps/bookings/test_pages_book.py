"""A space's page, the basket, the guest's link."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import booking_pages as pages
from factories import members, people
from factories import network_sites as sites
from maillage.apps.bookings import blocks, guest
from maillage.apps.bookings.blocks import Keeping
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.models import Booking, Occupancy, State
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Audience, Closure
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db


def page_of(space):
    return reverse("book_space", args=(space.site.territory_id, space.site.slug, space.pk))


def day(client, space, **more):
    """The page of a space on that day."""
    asked = {"jour": pages.working_day().isoformat()} | more
    return client.get(page_of(space), asked)


@pytest.fixture
def elise(client):
    """Somebody signed in."""
    who = people.person("Élise Garonval (fictif)", "elise@exemple.fr")
    client.force_login(who)
    return who


def test_a_free_day_is_one_stretch(client):
    room = sites.space()

    shown = day(client, room).context

    assert [(b.hours, b.left) for b in shown["bars"]] == [("8\u00a0h – 20\u00a0h", "Libre")]
    assert shown["state"].startswith("Libre le ")


def test_what_is_taken_cuts_the_day(client):
    desks = sites.open_space(seats=3)
    pages.booked(desks, is_whole=False)

    bars = day(client, desks).context["bars"]

    assert [(b.hours, b.left) for b in bars] == [
        ("8\u00a0h – 9\u00a0h", "Reste 3 places sur 3"),
        ("9\u00a0h – 12\u00a0h", "Reste 2 places sur 3"),
        ("12\u00a0h – 20\u00a0h", "Reste 3 places sur 3"),
    ]


def test_buffers_are_not_free(client):
    room = sites.space(buffer_before_min=30, buffer_after_min=30)
    pages.booked(room)

    bars = day(client, room).context["bars"]

    assert [b.hours for b in bars if b.is_free] == [
        "8\u00a0h – 8\u00a0h",
        "13\u00a0h – 20\u00a0h",
    ] or [b.hours for b in bars if b.is_free] == ["13\u00a0h – 20\u00a0h"]


def test_the_whole_and_its_parts_block_each_other(client):
    whole, left, right = sites.halves()
    pages.booked(whole)

    for part in (left, right):
        assert "9\u00a0h – 12\u00a0h" in [
            b.hours for b in day(client, part).context["bars"] if not b.is_free
        ]
    room, first, second = sites.halves(sites.site("Autre (fictif)"))
    pages.booked(first)
    assert [b.hours for b in day(client, room).context["bars"] if not b.is_free] == [
        "9\u00a0h – 12\u00a0h"
    ]
    assert all(b.is_free for b in day(client, second).context["bars"])


def test_the_month_says_closed_free_some_and_full(client):
    room = sites.space()
    on = pages.working_day()
    pages.booked(room, period=pages.slot(8, 20))
    states = {
        d.said: d.state
        for week in day(client, room).context["month"]["weeks"]
        for d in week
        if not d.is_outside
    }

    full = [said for said, state in states.items() if state == "full"]
    assert len(full) == 1
    assert f" {on.day} " in full[0]
    assert all(s in {"closed", "over"} for said, s in states.items() if said.startswith("dim"))


def test_a_closure_shows(client):
    room = sites.space()
    whole = pages.slot(0, 23)
    Closure.objects.create(
        site=room.site, period=(whole.begins, whole.ends), reason="Travaux", at=now()
    )

    assert day(client, room).context["state"].startswith("Fermé le ")


def test_the_page_costs_the_same_however_much_is_booked(client):
    desks = sites.open_space(seats=12)
    pages.priced()
    day(client, desks)
    with CaptureQueriesContext(connection) as few:
        day(client, desks)
    for hour in range(8, 16):
        pages.booked(desks, period=pages.slot(hour, hour + 1), is_whole=False)
    with CaptureQueriesContext(connection) as many:
        day(client, desks)

    assert len(many) == len(few)


def test_a_space_out_of_the_directory_is_not_there(client):
    hidden = sites.space(sites.site(is_listed=False))
    listed = sites.space(sites.site("Autre (fictif)"))

    assert client.get(page_of(hidden)).status_code == 404
    assert client.get(page_of(listed).replace("/lieu-", "/autre-")).status_code == 404
    assert client.get(page_of(listed)).status_code == 200


def test_the_form_of_a_space_chooses_a_slot(client):
    room = sites.space()
    on = pages.working_day().isoformat()

    posted = {"jour": on, "de": "09:00", "a": "11:00", "personnes": "4"}
    answer = client.post(page_of(room), posted, follow=True)

    assert [line.title for line in answer.context["lines"]] == [f"{room.name}, {room.site.name}"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"a": "08:00"}, "après l’heure de début"),
        ({"de": ""}, "Indiquez une heure."),
        ({"personnes": "0"}, "Indiquez au moins 1."),
        ({"jour": "demain"}, "Indiquez un jour"),
    ],
)
def test_wrong_hours_are_told_beside_their_field(client, typed, sentence):
    room = sites.space()
    posted = {"jour": "2027-03-18", "de": "09:00", "a": "11:00", "personnes": "1"} | typed

    answer = client.post(page_of(room), posted)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_member_books_in_two_presses(client, elise):
    desks = sites.open_space()
    pages.priced()

    answer = pages.checkout(client, desks)

    made = Booking.objects.get()
    assert (made.state, made.person, made.price_cents) == (State.CONFIRMED, elise, 800)
    assert answer.headers["Location"] == f"/mes-reservations/{made.reference}/"
    text = client.get(answer.headers["Location"]).content.decode()
    assert "C’est réservé" in text
    assert "Annulation gratuite jusqu’au" in text
    assert client.get("/reserver/panier/").context["lines"] == []


def test_the_same_button_pressed_twice_books_once(client, elise):
    desks = sites.open_space()
    client.post("/reserver/panier/ajouter/", pages.fields(desks))
    shown = client.get("/reserver/panier/").context
    posted = {"jeton": shown["token"], "vu": shown["seen"], "objet": ""}

    first = client.post("/reserver/panier/", posted)
    second = client.post("/reserver/panier/", posted)

    assert Booking.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_a_basket_that_changed_is_read_again(client, elise):
    desks = sites.open_space()
    client.post("/reserver/panier/ajouter/", pages.fields(desks))
    shown = client.get("/reserver/panier/").context
    client.post("/reserver/panier/ajouter/", pages.fields(desks, pages.slot(14, 16)))

    answer = client.post(
        "/reserver/panier/", {"jeton": shown["token"], "vu": shown["seen"], "objet": ""}
    )

    assert answer.status_code == 409
    assert Booking.objects.count() == 0


def test_several_slots_are_booked_together_or_not_at_all(client, elise):
    room = sites.space()
    client.post("/reserver/panier/ajouter/", pages.fields(room))
    client.post("/reserver/panier/ajouter/", pages.fields(room, pages.slot(14, 16)))
    pages.booked(room, period=pages.slot(15, 16))

    refused = pages.confirm(client)

    assert refused.status_code == 409
    assert Booking.objects.filter(person=elise).count() == 0
    wrong = [line for line in refused.context["lines"] if line.others]
    assert [line.slot.split(", ")[1] for line in wrong] == ["14\u00a0h – 16\u00a0h"]

    client.post(f"/reserver/panier/{wrong[0].number}/", wrong[0].others[0]["fields"])
    assert pages.confirm(client).headers["Location"] == "/mes-reservations/"
    assert Booking.objects.filter(person=elise).count() == 2


def test_a_slot_is_taken_out_of_the_basket(client):
    room = sites.space()
    client.post("/reserver/panier/ajouter/", pages.fields(room))
    client.post("/reserver/panier/0/")

    assert client.get("/reserver/panier/").context["title"] == "Aucun créneau choisi"


def test_what_one_slot_takes_the_next_no_longer_has(client, elise):
    place = sites.site()
    desks = sites.open_space(place)
    pages.priced()
    plan = members.carnet_plan(sold_from=pages.LONG_AGO, tickets=1)
    members.carnet(plan, elise, now().date())
    client.post("/reserver/panier/ajouter/", pages.fields(desks))
    client.post("/reserver/panier/ajouter/", pages.fields(desks, pages.slot(9, 12, later())))

    shown = client.get("/reserver/panier/").context

    assert [line.price for line in shown["lines"]] == ["0\u00a0€", "8,00\u00a0€"]
    assert shown["total"] == "8,00\u00a0€"


def later():
    return pages.working_day(pages.working_day().toordinal() - now().date().toordinal() + 1)


def test_an_employer_pays_when_she_chooses_it(client, elise):
    desks = sites.open_space()
    pages.priced()
    firm = members.firm()
    seat = members.authorised(firm, elise)
    type(seat).objects.update(starts_on=pages.LONG_AGO)
    client.post("/reserver/panier/ajouter/", pages.fields(desks))

    pages.confirm(client, payeur=str(firm.pk))

    assert Booking.objects.get().payer_organisation == firm


def test_nobody_makes_another_body_pay(client, elise):
    desks = sites.open_space()
    firm = members.firm()
    client.post("/reserver/panier/ajouter/", pages.fields(desks))

    pages.confirm(client, payeur=str(firm.pk))

    assert Booking.objects.get().payer_organisation is None


def test_a_request_is_sent_not_booked(client, elise):
    room = sites.space(needs_approval=True)

    pages.checkout(client, room, objet="Assemblée générale (fictif)")

    made = Booking.objects.get()
    assert (made.state, made.purpose) == (State.REQUESTED, "Assemblée générale (fictif)")
    assert Occupancy.objects.count() == 0


def test_a_rule_of_the_space_refuses_in_words(client, elise):
    room = sites.space(audiences=[Audience.MEMBER])

    answer = pages.checkout(client, room)

    assert answer.status_code == 409
    assert "est réservé à : adhérents et abonnés" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"space": "x"}, {"begins": ""}, {"ends": "2020-01-01T00:00:00Z"}]
)
def test_a_button_that_was_tampered_with_adds_nothing(client, wrong):
    room = sites.space()

    client.post("/reserver/panier/ajouter/", pages.fields(room) | wrong)

    assert client.get("/reserver/panier/").context["lines"] == []


# -- without an account ------------------------------------------------------------------------


def as_guest(client, space, email="yanis@exemple.fr", **typed):
    return pages.checkout(client, space, nom="Yanis Fictif", courriel=email, **typed)


def link(late):
    """The address in the mail that was queued."""
    (args,) = late("mail.deliver")
    found = re.search(r"/reserver/invite/(\S+)/", args["text"])
    return found[0], args["to"]


@pytest.fixture
def queued(django_capture_on_commit_callbacks):
    """What waits in the queue, by task, once the transaction holds."""

    def late(task):
        from procrastinate.contrib.django.models import ProcrastinateJob

        rows = ProcrastinateJob.objects.filter(task_name=task).order_by("id")
        return [job.args for job in rows]

    return late


def kept(client, space, queued, capture, email="yanis@exemple.fr"):
    """The link of a guest whose seat is kept."""
    with capture(execute=True):
        answer = as_guest(client, space, email)
    assert answer.status_code == 200
    return link(queued)[0]


def test_a_guest_keeps_the_seat_while_she_reads_her_mail(
    client, queued, django_capture_on_commit_callbacks
):
    room = sites.space()
    address = kept(client, room, queued, django_capture_on_commit_callbacks)
    made = Booking.objects.get()
    assert (made.state, made.person, made.guest_email) == (State.HOLD, None, "yanis@exemple.fr")

    shown = client.get(address)
    assert shown.status_code == 200
    assert Booking.objects.get().state == State.HOLD

    answer = client.post(address, {"nom": "Yanis Fictif"})

    made.refresh_from_db()
    assert (made.state, made.person.email, made.guest_email) == (
        State.CONFIRMED,
        "yanis@exemple.fr",
        "",
    )
    assert answer.headers["Location"] == "/mes-reservations/"
    assert client.get("/mes-reservations/").context["coming"][0].reference == made.reference


def test_the_answer_is_the_same_for_an_address_that_has_an_account(
    client, django_capture_on_commit_callbacks
):
    people.person("Élise", "elise@exemple.fr")
    room = sites.space()
    with django_capture_on_commit_callbacks(execute=True):
        known = as_guest(client, room, "elise@exemple.fr")
    client.cookies.clear()
    with django_capture_on_commit_callbacks(execute=True):
        unknown = as_guest(client, sites.space(room.site, "Autre"), "personne@exemple.fr")

    hours = re.compile(r"\d+\u00a0h(\u00a0\d+)?|name=\"csrf.*?>")
    texts = [hours.sub("", a.content.decode()) for a in (known, unknown)]
    assert known.status_code == unknown.status_code == 200
    assert texts[0] == texts[1]


def test_an_account_is_signed_in_and_not_made_twice(
    client, queued, django_capture_on_commit_callbacks
):
    elise = people.person("Élise", "elise@exemple.fr")
    room = sites.space()
    address = kept(client, room, queued, django_capture_on_commit_callbacks, "elise@exemple.fr")

    assert client.get(address).context["form"] is None
    client.post(address)

    assert Booking.objects.get().person == elise
    assert Person.objects.filter(email="elise@exemple.fr").count() == 1


def test_a_link_after_the_hold_says_so(client, queued, django_capture_on_commit_callbacks):
    room = sites.space()
    address = kept(client, room, queued, django_capture_on_commit_callbacks)
    Booking.objects.update(hold_until=now() - timedelta(minutes=1))

    answer = client.post(address, {"nom": "Yanis Fictif"})

    assert answer.status_code == 409
    assert "n’est plus retenue" in answer.content.decode()
    assert not Person.objects.filter(email="yanis@exemple.fr").exists()


def test_a_link_serves_once(client, queued, django_capture_on_commit_callbacks):
    room = sites.space()
    address = kept(client, room, queued, django_capture_on_commit_callbacks)
    client.post(address, {"nom": "Yanis Fictif"})
    client.post("/deconnexion/")

    answer = client.post(address, {"nom": "Autre"})

    assert answer.status_code == 409
    assert "déjà confirmée" in answer.content.decode()
    assert "_auth_user_id" not in client.session or Person.objects.count() == 1


def test_a_forged_link_opens_nothing(client):
    room = sites.space()
    booking = pages.booked(room)
    forged = guest.link_of([booking.reference])[:-2] + "xx"

    assert client.get(f"/reserver/invite/{forged}/").status_code == 409


def test_one_address_keeps_few_seats(client):
    room = sites.open_space(seats=40)
    for hour in range(5):
        as_guest_at(client, room, hour)

    answer = as_guest_at(client, room, 6)

    assert answer.status_code == 429 or "Trop d" in answer.content.decode()
    assert Booking.objects.count() == 5


def as_guest_at(client, space, hour):
    client.cookies.clear()
    return pages.checkout(
        client, space, pages.slot(9 + hour, 10 + hour), nom="Yanis", courriel="yanis@exemple.fr"
    )


def test_a_guest_does_not_pass_a_certification(client):
    machine = sites.space(needs_certification=True)

    answer = as_guest(client, machine)

    assert answer.status_code == 409
    assert Booking.objects.count() == 0


def test_a_request_without_an_account_is_confirmed_by_its_link(
    client, queued, django_capture_on_commit_callbacks
):
    room = sites.space(needs_approval=True)
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_guest(client, room)
    address = link(queued)[0]

    assert "Confirmez votre demande" in answer.content.decode()
    client.post(address, {"nom": "Yanis Fictif"})

    made = Booking.objects.get()
    assert (made.state, made.person.email) == (State.REQUESTED, "yanis@exemple.fr")


def test_a_seat_kept_for_her_is_free_for_her_alone(client, elise):
    desks = sites.open_space(seats=1)
    on = pages.working_day()
    keeping = Keeping(Holder(elise.pk), frozenset(range(7)), on, on)
    blocks.keep(desks.seats.get(), keeping, by=None, at=now())

    hers = day(client, desks).context["bars"]
    found = client.get("/reserver/", {"jour": on.isoformat(), "minutes": "0"}).context["places"]
    client.logout()
    others = day(client, desks).context["bars"]

    assert [b.is_free for b in hers] == [True]
    assert len(found) == 1
    assert [b.is_free for b in others] == [False]
