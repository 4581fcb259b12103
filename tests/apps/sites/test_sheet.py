"""The sheet of a site: opened, corrected part by part, removed, taken back."""

from datetime import timedelta

import pytest

from factories import people, sites
from maillage.apps.journal.models import Entry
from maillage.apps.sites import hours, keep, remove, versions
from maillage.apps.sites.models import Site

pytestmark = pytest.mark.django_db
BEAUJEU = keep.Place("69018", "Beaujeu")


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def test_a_new_sheet_knows_only_what_was_written():
    made = keep.open_site(sites.territory(), keep.Identity("Le Lavoir"), BEAUJEU, sites.author())

    site = Site.objects.get(pk=made.pk)
    assert (site.slug, site.commune_name, site.version) == ("le-lavoir", "Beaujeu", 1)
    assert (site.tier, site.opening_hours, site.governance) == ("", "", "")
    assert (site.is_step_free, site.has_fibre, site.operator_id) == (None, None, None)
    assert not site.is_listed
    assert acts() == ["sites.open"]


def test_a_name_is_given_once_in_a_commune_whatever_its_capitals():
    sites.site("Le Lavoir")

    with pytest.raises(keep.AlreadyThere) as refused:
        keep.open_site(sites.territory(), keep.Identity("LE LAVOIR"), BEAUJEU, sites.author())

    assert "« LE LAVOIR » existe déjà à Beaujeu" in str(refused.value)


def test_the_same_name_in_another_commune_has_an_address_of_its_own():
    sites.site("Le Lavoir")
    place = keep.Place("69019", "Belleville-en-Beaujolais")
    others = [
        keep.open_site(sites.territory(), keep.Identity("Le Lavoir"), place, sites.author()),
        keep.open_site(sites.territory(), keep.Identity("Le lavoir !"), place, sites.author()),
    ]

    assert [site.slug for site in others] == [
        "le-lavoir-belleville-en-beaujolais",
        "le-lavoir-belleville-en-beaujolais-2",
    ]


def test_a_name_without_letters_still_has_an_address():
    made = keep.open_site(sites.territory(), keep.Identity("???"), BEAUJEU, sites.author())

    assert made.slug == "lieu"


def test_each_part_writes_its_own_columns_and_leaves_the_others():
    site = sites.site(address="1 rue du Four")

    row = keep.correct(site, keep.Safety("L", 5, 60), sites.author(), version=1)
    row = keep.correct(row, keep.Access(is_step_free=False), sites.author(), version=2)

    row.refresh_from_db()
    assert (row.safety_type, row.safety_category, row.capacity_limit) == ("L", 5, 60)
    assert (row.is_step_free, row.address, row.version) == (False, "1 rue du Four", 3)
    assert acts() == ["sites.open", "sites.correct", "sites.correct"]


def test_what_was_known_may_become_unknown_again():
    site = sites.site(is_step_free=True, capacity_limit=40)

    keep.correct(site, keep.Access(), sites.author(), version=1)
    keep.correct(site, keep.Safety(), sites.author(), version=2)

    site.refresh_from_db()
    assert (site.is_step_free, site.capacity_limit) == (None, None)


def test_whoever_comes_second_is_told_who_came_first():
    site, paul = sites.site(), people.person("Paul Fictif")
    keep.correct(site, keep.Access(), sites.author(paul), version=1)

    with pytest.raises(versions.SomebodyElseEdited) as refused:
        keep.correct(site, keep.Access(is_step_free=True), sites.author(), version=1)

    assert str(refused.value).startswith("Paul Fictif a modifié cette fiche")
    site.refresh_from_db()
    assert site.is_step_free is None


def test_a_site_does_not_take_the_name_of_another():
    sites.site("Le Lavoir")
    other = sites.site("La Cuverie")

    with pytest.raises(keep.AlreadyThere):
        keep.correct(other, keep.Identity("Le lavoir"), sites.author(), version=1)


def test_hours_are_kept_as_a_clock_reads_them():
    site = sites.site()

    keep.correct(site, keep.Hours("Mo-Fr  08:30-18:00;PH off"), sites.author(), version=1)

    site.refresh_from_db()
    assert site.opening_hours == hours.checked(
        "Mo-Fr 08:30-18:00; PH off", hours.ZoneInfo("Europe/Paris"), "metropole"
    )


def test_hours_that_no_clock_tells_are_refused():
    site = sites.site()

    with pytest.raises(hours.Unreadable):
        keep.correct(site, keep.Hours("sur rendez-vous"), sites.author(), version=1)


def test_an_unknown_calendar_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="Mars/Olympus"):
        keep.correct(
            sites.site(), keep.Hours("Mo 09:00-10:00", "Mars/Olympus"), sites.author(), version=1
        )


def test_the_directory_asks_for_what_everybody_needs():
    site = sites.site(address="1 rue du Four")

    with pytest.raises(keep.NotListable) as refused:
        keep.correct(site, keep.Listing(is_listed=True), sites.author(), version=1)

    assert "son point sur la carte et ses heures d'ouverture" in str(refused.value)


def test_a_whole_sheet_enters_the_directory_and_leaves_it():
    site = sites.site(
        address="1 rue du Four", lon=4.58, lat=46.15, opening_hours="Mo-Fr 09:00-17:00"
    )

    listed = keep.correct(site, keep.Listing(is_listed=True), sites.author(), version=1)
    assert list(Site.objects.listed()) == [site]

    keep.correct(listed, keep.Listing(is_listed=False), sites.author(), version=2)
    assert not Site.objects.listed().exists()


def test_a_removed_site_leaves_the_directory_and_comes_back_out_of_it():
    site = sites.site(is_listed=True)

    remove.remove(site, sites.author())
    site.refresh_from_db()
    assert (site.removed_at, site.is_listed) == (sites.AT, False)
    with pytest.raises(versions.SiteRemoved):
        keep.correct(site, keep.Access(), sites.author(), version=site.version)

    remove.take_back(site, sites.author())
    site.refresh_from_db()
    assert (site.removed_at, site.is_listed, site.version) == (None, False, 3)
    assert acts() == ["sites.open", "sites.remove", "sites.take_back"]


def test_a_site_that_is_booked_is_not_removed():
    site = sites.site()
    seat = sites.space(site).seats.get(number=1)
    sites.booked(seat, sites.AT - timedelta(hours=5), sites.AT - timedelta(hours=1))
    ends = sites.AT + timedelta(days=2)
    sites.booked(seat, ends - timedelta(hours=2), ends)

    with pytest.raises(remove.StillBooked) as refused:
        remove.remove(site, sites.author())

    assert str(refused.value).startswith("1 réservation à venir à Ancienne perception (fictif)")
    assert "19 mars 2027" in str(refused.value)
    remove.remove(site, sites.author(at=ends))


def test_a_hold_that_expired_keeps_nobody_from_removing_a_site():
    site = sites.site()
    seat = sites.space(site).seats.get(number=1)
    sites.booked(seat, sites.AT, sites.AT + timedelta(hours=2), "hold", hold_until=sites.AT)

    remove.remove(site, sites.author())

    site.refresh_from_db()
    assert site.removed_at == sites.AT


def test_what_is_there_is_not_taken_back_nor_a_name_given_meanwhile():
    site = sites.site("Le Lavoir")
    with pytest.raises(remove.NotRemoved):
        remove.take_back(site, sites.author())

    remove.remove(site, sites.author())
    sites.site("le lavoir")

    with pytest.raises(remove.NameTaken) as refused:
        remove.take_back(site, sites.author())
    assert "Un autre lieu s'appelle maintenant « Le Lavoir » à Beaujeu" in str(refused.value)
