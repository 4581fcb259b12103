"""The pages of the sites one keeps: by right, what they show, a constant number of queries."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from factories import people, sites
from maillage.apps.people.models import RoleKind
from maillage.apps.sites import handing_over, keep, keep_parts, reality, remove, set_stage
from maillage.apps.sites.models import (
    Closure,
    FloorPlan,
    Photo,
    Seat,
    Site,
    SiteStage,
    Space,
    Stage,
)
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
# what each address names, from `sites.whole`
GETS = {
    "site_kept": (),
    "site_remove": (),
    "site_stages": (),
    "site_spaces": (),
    "space_new": (),
    "space_kept": ("space",),
    "space_edit": ("space",),
    "space_move": ("space",),
    "space_remove": ("space",),
    "space_rules": ("space",),
    "site_closures": (),
    "site_closure_withdraw": ("closure",),
    "site_photos": (),
    "site_plans": (),
    "floor_plan": ("plan",),
    "site_labels": (),
    "site_measures": (),
    "site_services": (),
}
POSTS = {
    "site_listing": (),
    "site_take_back": (),
    "site_stage_withdraw": ("stage",),
    "space_take_back": ("space",),
    "space_seats": ("space",),
    "space_seat_labels": ("space",),
    "seat_out_of_order": ("space", "seat"),
    "seat_back": ("space", "seat"),
}
SECTIONS = ("identite", "adresse", "heures", "acces", "equipement", "gestion", "securite")


def address(name, of, *parts):
    return reverse(name, args=(of["site"].pk, *(of[part].pk for part in parts)))


@pytest.fixture
def first():
    return sites.whole("Premier")


@pytest.fixture
def officer():
    return people.signed_in(Client(), people.holder())


@pytest.fixture
def manager(first):
    return people.signed_in(Client(), sites.manager(first["site"]))


@pytest.mark.parametrize("name", GETS)
def test_each_page_is_read_by_those_who_keep_the_site_and_by_nobody_else(name, first, manager):
    page = address(name, first, *GETS[name])
    elsewhere = sites.manager(sites.site("Ailleurs"))
    stranger = people.signed_in(Client(), elsewhere)

    assert manager.get(page).status_code == 200
    assert stranger.get(page).status_code == 404
    assert Client().get(page).status_code == 302


@pytest.mark.parametrize("name", POSTS)
def test_each_act_is_refused_to_those_who_do_not_keep_the_site(name, first):
    page = address(name, first, *POSTS[name])
    twin = people.holder(scope=people.TWIN)
    employer = people.holder(RoleKind.EMPLOYER, ("site", str(first["site"].pk)))

    for who in (twin, employer):
        assert people.signed_in(Client(), who).post(page).status_code in (403, 404)
    assert Client().post(page).status_code == 302


@pytest.mark.parametrize("section", SECTIONS)
def test_each_part_of_the_sheet_shows_what_is_known(section, first, manager):
    page = reverse("site_sheet", args=(first["site"].pk, section))

    assert manager.get(page).status_code == 200
    assert manager.get(page.replace(section, "autre")).status_code == 404


@pytest.mark.parametrize(
    "kind", [RoleKind.MEMBER, RoleKind.HOST, RoleKind.EMPLOYER, RoleKind.VOLUNTEER]
)
def test_those_who_only_come_to_a_site_keep_none(kind, first):
    who = people.signed_in(Client(), people.holder(kind, ("site", str(first["site"].pk))))

    assert who.get(reverse("sites_kept")).status_code == 403


def test_a_manager_sees_her_site_alone_and_opens_none(first, manager):
    sites.site("Lieu voisin")

    page = manager.get(reverse("sites_kept")).content.decode()

    assert "Lieu Premier" in page
    assert "Lieu voisin" not in page
    assert "Ouvrir la fiche" not in page
    assert "aucun territoire" in manager.get(reverse("site_new")).content.decode()
    assert manager.get(reverse("site_new_in", args=(people.SIREN,))).status_code == 404


def test_twin_territories_do_not_know_each_other(first, officer):
    twin = sites.whole("Second", people.TWIN_SIREN)

    listed = officer.get(reverse("sites_kept")).content.decode()

    assert "Lieu Premier" in listed
    assert "Second" not in listed
    assert officer.get(address("site_kept", twin)).status_code == 404


def test_parts_of_another_site_are_not_found_under_ones_own(first, manager):
    other = sites.whole("Second")
    key = first["site"].pk

    for name, part in (
        ("space_kept", "space"),
        ("floor_plan", "plan"),
        ("site_closure_withdraw", "closure"),
    ):
        assert manager.get(reverse(name, args=(key, other[part].pk))).status_code == 404
    removal = reverse("site_part_remove", args=(key, "label", other["label"].pk))
    assert manager.post(removal).status_code == 404
    assert manager.post(removal.replace("label", "organisation")).status_code == 404


def test_an_administrator_chooses_the_territory_of_a_new_site():
    sites.territory()
    sites.territory(people.TWIN_SIREN)
    admin = people.signed_in(Client(), people.holder(RoleKind.ADMINISTRATOR, people.PLATFORM))

    page = admin.get(reverse("site_new")).content.decode()

    for siren in (people.SIREN, people.TWIN_SIREN):
        assert reverse("site_new_in", args=(siren,)) in page


def test_an_officer_opens_a_sheet(officer):
    sites.territory()
    assert officer.get(reverse("site_new")).url == reverse("site_new_in", args=(people.SIREN,))
    page = reverse("site_new_in", args=(people.SIREN,))

    wrong = officer.post(page, {"name": "=1+1", "lat": "46,1"})
    assert wrong.status_code == 422
    assert {"name", "commune_code", "lon"} <= set(wrong.context["form"].errors)

    done = officer.post(
        page, {"name": "Le Lavoir", "commune_code": "69018", "lat": "46,1", "lon": "4,6"}
    )
    site = Site.objects.get()
    assert done.url == reverse("site_kept", args=(site.pk,))
    assert (site.name, site.commune_name, site.lat, site.lon) == ("Le Lavoir", "Beaujeu", 46.1, 4.6)

    again = officer.post(page, {"name": "Le lavoir", "commune_code": "69018"})
    assert again.status_code == 422
    assert "existe déjà à Beaujeu" in again.content.decode()


def test_an_empty_network_says_how_it_fills(officer):
    sites.territory()

    page = officer.get(reverse("sites_kept")).content.decode()

    assert "Aucun lieu dans le réseau." in page


def test_the_list_names_what_is_missing_before_it_opens(officer):
    sites.site("Le Lavoir")

    page = officer.get(reverse("sites_kept")).content.decode()

    assert "le niveau du lieu, l’adresse et 11 autres" in page


def test_the_list_asks_the_same_queries_whatever_the_number_of_sites(
    officer, django_assert_max_num_queries
):
    sites.whole("Premier")
    page = reverse("sites_kept")
    officer.get(page)
    with django_assert_max_num_queries(30) as few:
        officer.get(page)
    for n in range(4):
        sites.whole(f"Autre {n}")
    with django_assert_max_num_queries(len(few)):
        officer.get(page)


@pytest.mark.parametrize("name", ["site_kept", "site_spaces", "space_kept", "floor_plan"])
def test_a_page_asks_the_same_queries_whatever_it_lists(
    name, first, manager, django_assert_max_num_queries
):
    page = address(name, first, *GETS[name])
    manager.get(page)
    with django_assert_max_num_queries(40) as few:
        manager.get(page)
    for n in range(3):
        whole = sites.space(first["site"], f"Salle {n}", seats=0)
        sites.space(first["site"], f"Salle {n} bis", parent=whole, seats=4)
        sites.stored(first["site"])
        sites.closure(first["site"], now(), now() + timedelta(days=n + 1))
    Seat.objects.bulk_create(Seat(space=first["space"], number=n) for n in range(10, 20))
    with django_assert_max_num_queries(len(few)):
        manager.get(page)


def test_the_plan_stands_beside_what_is_there(first, manager):
    sites.target(first["site"])

    page = manager.get(address("site_kept", first)).content.decode()

    assert "1\u202f277" in page
    assert "938 (de 672 à 1\u202f277)" in page
    assert "1 an avant le plan" in page
    assert "communes 60\u00a0%, subventions 40\u00a0%" in page
    assert "Pas encore mesuré" in page


def test_what_another_app_measures_takes_its_place_in_the_table(first, manager, monkeypatch):
    monkeypatch.setattr(reality, "_MEASURES", [lambda _site, _at: {"occupied_days": 412}])
    sites.target(first["site"])

    page = manager.get(address("site_kept", first)).content.decode()

    assert ">412<" in page


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ((), "pas encore datée"),
        ((("planned", 2027, 1),), "pas encore datée"),
        ((("open", 2027, 5),), "l’année prévue"),
        ((("open", 2028, 5),), "1 an de retard sur le plan"),
        ((("open", 2026, 5),), "1 an avant le plan"),
    ],
)
def test_slippage_is_said_in_words(stages, said):
    rows = [
        SiteStage(stage=code, starts_on=sites.AT.date().replace(year=year, month=month))
        for code, year, month in stages
    ]
    on = sites.AT.date()

    assert reality.slippage(2027, reality.opening(rows, on), on) == said


def test_a_late_opening_that_nobody_dated_is_told_from_the_day():
    on = sites.AT.date().replace(year=2029)

    assert reality.slippage(2027, None, on) == "2 ans de retard sur le plan"


def test_a_site_without_a_plan_says_so(first, manager):
    page = manager.get(address("site_kept", first)).content.decode()

    assert "Aucun plan adopté ne parle de ce lieu." in page


def test_nothing_unknown_is_told_as_known(officer):
    site = sites.site("Le Lavoir")

    page = officer.get(reverse("site_kept", args=(site.pk,))).content.decode()

    assert page.count("Non renseigné") > 15
    assert "Étape non renseignée" in page
    assert "Heures non renseignées" in page


def test_a_part_is_written_and_its_faults_are_told(first, manager):
    page = reverse("site_sheet", args=(first["site"].pk, "securite"))

    wrong = manager.post(page, {"capacity_limit": "0", "version": "1"})
    assert wrong.status_code == 422
    assert "Indiquez un nombre entre 1 et 5 000." in wrong.content.decode()

    done = manager.post(
        page, {"capacity_limit": "40", "safety_category": "5", "safety_type": "L", "version": "1"}
    )
    assert done.url == address("site_kept", first)
    first["site"].refresh_from_db()
    assert (first["site"].capacity_limit, first["site"].safety_category) == (40, 5)


def test_whoever_comes_second_keeps_her_text_and_writes_it_over(first, manager):
    page = reverse("site_sheet", args=(first["site"].pk, "acces"))
    paul = sites.author(people.person("Paul Fictif"))
    keep.correct(first["site"], keep.Access(accessibility="De Paul"), paul, version=1)

    told = manager.post(page, {"accessibility": "De Claire", "version": "1"})
    assert told.status_code == 422
    assert "Paul Fictif a modifié cette fiche" in told.content.decode()
    assert "De Claire" in told.content.decode()

    manager.post(page, {"accessibility": "De Claire", "version": "2"})
    first["site"].refresh_from_db()
    assert first["site"].accessibility == "De Claire"


def test_hours_are_written_day_by_day(first, manager):
    page = reverse("site_sheet", args=(first["site"].pk, "heures"))
    week = {f"d{n}_am_from": "09:00" for n in range(5)} | {f"d{n}_am_to": "12:30" for n in range(5)}

    done = manager.post(
        page,
        {"how": "semaine", "closed_on_holidays": "on", "holiday_area": "metropole", "version": "1"}
        | week,
    )

    assert done.status_code == 302
    first["site"].refresh_from_db()
    assert first["site"].opening_hours.startswith("Mo-Fr 09:00-12:30; PH")


def test_governance_is_written_with_its_holders(first, manager):
    one, other = sites.organisation("CC"), sites.organisation("Atelier fictif")
    page = reverse("site_sheet", args=(first["site"].pk, "gestion"))
    said = {
        "governance": "co_managed",
        "operator": one.pk,
        "holder_0": one.pk,
        "share_0": "66,67",
        "version": "1",
    }

    alone = manager.post(page, said)
    assert "au moins deux structures" in alone.content.decode()
    half = manager.post(page, said | {"holder_1": other.pk})
    assert "share_1" in half.context["form"].errors

    manager.post(page, said | {"holder_1": other.pk, "share_1": "33,33"})
    shares = first["site"].holders.order_by("-share_bp").values_list("share_bp", flat=True)
    assert list(shares) == [6_667, 3_333]
    shown = manager.get(address("site_kept", first)).content.decode()
    assert "CC (66,67\u00a0%), Atelier fictif (33,33\u00a0%)" in shown


def test_a_site_enters_the_directory_once_it_is_whole(first, manager):
    page = address("site_listing", first)

    refused = manager.post(page, {"annuaire": "oui", "version": "1"})
    assert refused.status_code == 422
    assert "son point sur la carte" in refused.content.decode()

    place = keep.Place("69018", "Beaujeu", "1 rue du Four", 4.6, 46.1)
    keep.correct(first["site"], place, sites.author(), version=1)
    manager.post(page, {"annuaire": "oui", "version": "2"})
    first["site"].refresh_from_db()
    assert first["site"].is_listed
    manager.post(page, {"annuaire": "non", "version": "3"})
    first["site"].refresh_from_db()
    assert not first["site"].is_listed


def test_a_site_is_removed_after_a_question_and_taken_back_from_the_list(first, manager):
    assert "Vous pourrez le rétablir" in manager.get(address("site_remove", first)).content.decode()

    manager.post(address("site_remove", first))
    listed = manager.get(reverse("sites_kept")).content.decode()
    assert "Lieux retirés" in listed
    assert manager.get(address("site_spaces", first)).status_code == 404
    assert manager.get(address("site_kept", first)).status_code == 200

    manager.post(address("site_take_back", first))
    first["site"].refresh_from_db()
    assert first["site"].removed_at is None


def test_a_booked_site_is_not_removed_and_the_page_says_why(first, manager):
    begins = now() + timedelta(days=2)
    sites.booked(first["seat"], begins, begins + timedelta(hours=1))

    answer = manager.post(address("site_remove", first))

    assert answer.status_code == 409
    assert "1 réservation à venir" in answer.content.decode()


def test_a_space_is_added_inside_another_edited_moved_removed(first, manager):
    of = first["site"]
    whole = sites.space(of, "Salle A+B", seats=0)
    said = {
        "kind": "meeting_room",
        "name": "Salle A",
        "is_bookable": "on",
        "sold_by": "whole",
        "audiences": ["public"],
        "step_min": "30",
        "shortest_min": "60",
        "notice_min": "0",
        "horizon_days": "90",
        "buffer_before_min": "0",
        "buffer_after_min": "10",
        "free_cancel_min": "1440",
        "late_kept_percent": "50",
        "seats": "1",
    }
    page = f"{reverse('space_new', args=(of.pk,))}?dans={whole.pk}"
    assert manager.post(page, said | {"longest_min": "30"}).status_code == 422
    manager.post(page, said)
    part = Space.objects.get(name="Salle A")
    assert (part.parent, part.buffer_after_min, part.seats.count()) == (whole, 10, 1)

    edit = reverse("space_edit", args=(of.pk, part.pk))
    manager.post(edit, said | {"name": "Salle bleue", "version": "1"})
    part.refresh_from_db()
    assert (part.name, part.version) == ("Salle bleue", 2)
    assert manager.post(edit, said | {"version": "1"}).status_code == 422

    manager.post(reverse("space_move", args=(of.pk, part.pk)), {"parent": "", "version": "2"})
    part.refresh_from_db()
    assert (part.parent, part.path) == (None, [part.pk])

    manager.post(reverse("space_remove", args=(of.pk, part.pk)))
    assert "Espaces retirés" in manager.get(address("site_spaces", first)).content.decode()
    manager.post(reverse("space_take_back", args=(of.pk, part.pk)))
    part.refresh_from_db()
    assert part.removed_at is None


def test_a_space_does_not_move_into_its_own_parts(first, manager):
    whole = sites.space(first["site"], "Salle A+B", seats=0)
    part = sites.space(first["site"], "Salle A", parent=whole, seats=0)

    page = manager.get(reverse("space_move", args=(first["site"].pk, whole.pk)))

    offered = [key for key, _ in page.context["form"].fields["parent"].choices]
    assert str(part.pk) not in offered
    assert str(whole.pk) not in offered


def test_seats_are_counted_named_put_out_of_order_and_back(first, manager):
    page = address("space_seats", first, "space")
    manager.post(page, {"seats": "3"})
    assert first["space"].seats.filter(removed_at=None).count() == 3
    assert manager.post(page, {"seats": "-1"}).status_code == 422

    seat = first["seat"]
    manager.post(address("space_seat_labels", first, "space"), {f"label_{seat.pk}": "Fenêtre"})
    manager.post(address("seat_out_of_order", first, "space", "seat"))
    seat.refresh_from_db()
    assert seat.label == "Fenêtre"
    assert (
        "hors service depuis" in manager.get(address("space_kept", first, "space")).content.decode()
    )
    manager.post(address("seat_back", first, "space", "seat"))
    seat.refresh_from_db()
    assert seat.out_of_order_since is None


def test_a_booked_seat_is_kept_and_the_page_says_until_when(first, manager):
    begins = now() + timedelta(days=2)
    sites.booked(first["seat"], begins, begins + timedelta(hours=1))

    answer = manager.post(address("space_seats", first, "space"), {"seats": "0"})

    assert answer.status_code == 422
    assert "1 réservation à venir sur 1 place" in answer.content.decode()


def test_rules_are_written_row_by_row(first, manager):
    page = address("space_rules", first, "space")
    row = {
        "rows_shown": "2",
        "version": "1",
        "kind_0": "only",
        "audience_0": "member",
        "weekdays_0": ["0", "1", "2", "3", "4"],
        "from_0": "09:00",
        "to_0": "12:00",
    }
    wrong = manager.post(page, {"rows_shown": "2", "version": "1", "kind_0": "at_most"})
    assert {"audience_0", "weekdays_0", "from_0", "to_0", "most_0"} == set(
        wrong.context["form"].errors
    )
    longer = manager.post(page, row | {"autre": "1"})
    assert (longer.status_code, longer.context["form"].count) == (200, 3)
    assert not first["space"].rules.exists()

    manager.post(page, row)
    shown = manager.get(address("space_kept", first, "space")).content.decode()
    assert "Du lundi au vendredi, 9\u00a0h – 12\u00a0h : réservé à : adhérents et abonnés" in shown
    assert manager.post(page, row).status_code == 422


def test_a_closure_is_noted_and_lifted_after_a_question(first, manager):
    Closure.objects.all().delete()
    page = address("site_closures", first)
    said = {"first": "2099-08-01", "last": "2099-08-31", "reason": "Congés"}

    backwards = manager.post(page, said | {"last": "2099-07-01"})
    assert "last" in backwards.context["form"].errors
    manager.post(page, said)
    closure = Closure.objects.get()
    shown = manager.get(page).content.decode()
    assert "du samedi 1er août 2099 au lundi 31 août 2099" in shown

    lift = reverse("site_closure_withdraw", args=(first["site"].pk, closure.pk))
    assert "Lever cette fermeture" in manager.get(lift).content.decode()
    manager.post(lift)
    closure.refresh_from_db()
    assert closure.withdrawn_at is not None


def test_it_is_said_how_many_bookings_a_closure_meets(first, manager):
    Closure.objects.all().delete()
    whole = sites.space(first["site"], "Salle A+B", seats=0)
    part = sites.space(first["site"], "Salle A", parent=whole)
    begins = now().replace(year=2099, month=8, day=3)
    sites.booked(part.seats.first(), begins, begins + timedelta(hours=1))
    sites.booked(first["seat"], begins, begins + timedelta(hours=1))
    said = {"first": "2099-08-01", "last": "2099-08-31", "reason": "Congés"}

    one = manager.post(address("site_closures", first), said | {"space": whole.pk}, follow=True)
    assert "1 réservation y tombe" in one.content.decode()
    every = manager.post(address("site_closures", first), said, follow=True)
    assert "2 réservations y tombent" in every.content.decode()


def test_a_space_closes_for_some_hours(first, manager):
    Closure.objects.all().delete()
    said = {
        "space": str(first["space"].pk),
        "first": "2099-08-03",
        "last": "2099-08-03",
        "from_time": "14:00",
        "to_time": "16:00",
        "reason": "Peinture",
    }

    manager.post(address("site_closures", first), said)

    closure = Closure.objects.get()
    assert closure.space == first["space"]
    assert closure.period.upper - closure.period.lower == timedelta(hours=2)


def test_a_stage_is_dated_withdrawn_and_put_back_from_the_form(first, manager):
    page = address("site_stages", first)
    manager.post(page, {"stage": "works", "starts_on": "2099-01-05", "note": "Vote"})
    made = SiteStage.objects.get(stage=Stage.WORKS)

    gone = manager.post(reverse("site_stage_withdraw", args=(first["site"].pk, made.pk)))

    assert not SiteStage.objects.filter(pk=made.pk).exists()
    form = manager.get(gone.url).context["form"]
    assert (form["stage"].value(), str(form["starts_on"].value())) == ("works", "2099-01-05")
    assert manager.post(page, {"stage": "open", "starts_on": "2026-01-05"}).status_code == 422


def sent(data, name="photo.jpg"):
    return SimpleUploadedFile(name, data, "image/jpeg")


def test_a_photo_is_added_shown_removed_taken_back(first, manager):
    page = address("site_photos", first)

    wrong = manager.post(page, {"file": sent(b"%PDF"), "alt": "La façade"})
    assert wrong.status_code == 422
    assert "n&#x27;est pas une image" in wrong.content.decode()
    manager.post(page, {"file": sent(sites.picture()), "alt": "La façade", "credit": "CC"})

    photo = Photo.objects.get(alt="La façade")
    picture = manager.get(reverse("site_photo", args=(photo.pk, "small.webp")))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")
    assert manager.get(reverse("site_photo", args=(photo.pk, "secret.txt"))).status_code == 404

    part = (first["site"].pk, "photo", photo.pk)
    assert manager.post(reverse("site_part_remove", args=part)).url == page
    photo.refresh_from_db()
    assert photo.removed_at is not None
    manager.post(reverse("site_part_take_back", args=part))
    photo.refresh_from_db()
    assert photo.removed_at is None


def test_the_pictures_of_an_unlisted_site_are_shown_to_those_who_keep_it_only(first, manager):
    pages = [
        reverse("site_photo", args=(first["photo"].pk, "large.webp")),
        reverse("plan_picture", args=(first["plan"].pk,)),
    ]
    for page in pages:
        assert manager.get(page).status_code == 200
        assert Client().get(page).status_code == 404

    Site.objects.update(is_listed=True)
    for page in pages:
        assert Client().get(page).status_code == 200


def test_seats_are_placed_by_numbers_and_by_a_click(first, manager):
    plan, seat = first["plan"], first["seat"]
    page = address("floor_plan", first, "plan")

    half = manager.post(page, {f"x_{seat.pk}": "10"})
    assert f"y_{seat.pk}" in half.context["form"].errors
    manager.post(page, {f"x_{seat.pk}": "10", f"y_{seat.pk}": "20,5"})
    seat.refresh_from_db()
    assert (seat.plan, seat.x, seat.y) == (plan, 10.0, 20.5)

    clicked = manager.post(page, {"place": str(seat.pk), "point.x": "320", "point.y": "200"})
    seat.refresh_from_db()
    assert (seat.x, seat.y) == (50.0, 50.0)
    other = first["space"].seats.get(number=2)
    assert clicked.url == f"{page}?place={other.pk}"
    other.refresh_from_db()
    assert other.plan is None


def test_a_plan_is_added_and_leads_to_its_seats(first, manager):
    page = address("site_plans", first)

    done = manager.post(page, {"file": sent(sites.picture()), "name": "Étage", "alt": "Le plan"})

    plan = FloorPlan.objects.get(name="Étage")
    assert done.url == reverse("floor_plan", args=(first["site"].pk, plan.pk))
    assert manager.post(page, {"name": "Étage"}).status_code == 422


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        ("site_labels", {"name": "Fabrique", "valid_until": "2020-01-01"}, "expiré le 1er janvier"),
        (
            "site_measures",
            {"on": "2026-01-05", "down_mbps": "94,5", "up_mbps": "30", "origin": "measured"},
            "94,5 Mbit/s descendants, 30 montants",
        ),
        (
            "site_services",
            {"name": "France services", "opening_hours": "Mo 09:00-12:00"},
            "Lundi : 9\u00a0h – 12\u00a0h",
        ),
    ],
)
def test_each_list_takes_a_line_and_refuses_an_empty_one(name, said, shown, first, manager):
    page = address(name, first)

    assert manager.post(page, {}).status_code == 422
    assert manager.post(page, said).url == page
    assert shown in manager.get(page).content.decode()


def test_the_hand_over_dossier_names_what_each_site_misses(first):
    remove.remove(sites.site("Retiré"), sites.author())
    lines = handing_over.lines(("territory", people.SIREN), now().date())
    own = handing_over.lines(("site", str(first["site"].pk)), now().date())

    assert len(lines) == 1
    assert lines == own
    assert "Ouvert ; à compléter : le point sur la carte" in str(lines[0])
    assert handing_over.lines(("platform", ""), now().date()) == ()


def test_a_whole_site_misses_nothing(officer):
    body = sites.organisation("CC")
    site = sites.site(
        tier="hub", address="1 rue du Four", lon=4.6, lat=46.1, opening_hours="Mo 09:00-12:00",
        is_step_free=True, governance="epci", operator=body, collector=body, safety_category=5,
        capacity_limit=20,
    )  # fmt: skip
    sites.space(site)
    set_stage.set_stage(site, Stage.OPEN, now().date() + timedelta(days=30), sites.author())
    keep_parts.add_label(site, keep_parts.LabelSaid("Fabrique"), sites.author())

    page = officer.get(reverse("site_kept", args=(site.pk,))).content.decode()

    assert "à compléter avant d’ouvrir" not in page
