"""A retained scenario enters the network once, touches nothing people wrote, is undone whole."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from factories import people, premises, sites
from maillage.apps.journal.models import Entry
from maillage.apps.people.models import RoleKind
from maillage.apps.scenarios import adopt, adoption_plan, decide
from maillage.apps.scenarios.models import Scenario
from maillage.apps.scenarios.versions import Author, latest
from maillage.apps.sites import keep, remove
from maillage.apps.sites.models import Adoption, Site, SiteStage, SiteTarget

pytestmark = pytest.mark.django_db
AT = sites.AT
HUB = "Site structurant, Beaujeu"


def author(hours: int = 0) -> Author:
    return Author(None, AT + timedelta(hours=hours))


@pytest.fixture
def retained(one):
    one.study.territory.members = sites.MEMBERS
    one.study.territory.save()
    decide.propose(one, author())
    decide.retain(one, author())
    return Scenario.objects.select_related("study__territory").get(pk=one.pk)


def version_of(scenario):
    version = latest(scenario)
    version.scenario = scenario
    return version


@pytest.fixture
def plan(monkeypatch):
    """What the next adoption reads instead of the computation."""

    def becomes(change):
        real = adoption_plan.sites_of

        def changed(version):
            return tuple(change(list(real(version))))

        monkeypatch.setattr(adoption_plan, "sites_of", changed)

    return becomes


def numbered(scenario, number: int) -> None:
    """A newer version of the scenario, with the same computation."""
    version = latest(scenario)
    version.pk, version.number = None, number
    version.save(force_insert=True)
    Scenario.objects.filter(pk=scenario.pk).update(version=number)
    scenario.version = number


def test_every_site_of_the_plan_enters_the_network_as_a_draft(retained, outcome):
    adopt.adopt(retained, author())

    made = Site.objects.order_by("pk")
    assert made.count() == len(outcome.sites)
    assert {site.is_listed for site in made} == {False}
    assert {site.opening_hours for site in made} == {""}
    beaujeu = made.get(name=HUB)
    found = next(s for s in outcome.sites if s.candidate.id == "69018")
    assert (beaujeu.tier, beaujeu.commune_code, beaujeu.address) == ("hub", "69018", "")
    assert (beaujeu.lon, beaujeu.lat) == pytest.approx((found.candidate.lon, found.candidate.lat))
    assert beaujeu.adopted_from == f"{retained.pk}:1"


def test_each_target_is_what_the_computation_promised(retained, outcome):
    adopt.adopt(retained, author())

    target = SiteTarget.objects.get(candidate="69018")
    site = next(s for s in outcome.sites if s.candidate.id == "69018")
    cost = next(c for c in outcome.money.sites if c.id == "69018")
    assert (target.seats, target.opening_year) == (site.seats, site.opening_year)
    assert target.inhabitants == site.inhabitants
    for name, amount in (
        ("occupied_days", site.occupied_days),
        ("investment_eur", cost.investment),
        ("operation_eur", cost.operation),
    ):
        shown = [getattr(target, f"{name}{end}") for end in ("_low", "", "_high")]
        assert shown == pytest.approx([amount.low, amount.central, amount.high], rel=1e-6)
    assert (target.study_title, target.scenario_letter, target.version) == ("Dix minutes", "A", 1)
    assert target.source_run == latest(retained).run_id
    assert target.employers_share == 0
    assert SiteTarget.objects.get(tier="corpo").employers_share == 0.5


def test_a_forecast_opens_no_site_by_itself(retained):
    adopt.adopt(retained, author())

    stages = SiteStage.objects.filter(site__name=HUB).values_list("stage", "starts_on", "note")

    assert list(stages) == [("planned", AT.date(), "Ouverture prévue en 2027")]


def test_a_place_open_today_enters_open(retained, plan):
    plan(lambda found: [replace(found[0], is_existing=True)])

    adopt.adopt(retained, author())

    assert SiteStage.objects.get().stage == "open"


def test_premises_bring_their_name_and_their_address(retained, plan):
    shop = premises.placed("Ancienne poste (fictif)", address="2 place de la Poste")
    plan(
        lambda found: [
            replace(
                found[0],
                name=shop.name,
                premises=shop.pk,
                promise=replace(found[0].promise, candidate=f"local-{shop.pk}"),
            )
        ]
    )

    adopt.adopt(retained, author())

    site = Site.objects.get()
    assert (site.name, site.address) == ("Ancienne poste (fictif)", "2 place de la Poste")


def test_only_what_was_voted_is_adopted(one):
    for act in (lambda: None, lambda: decide.propose(one, author())):
        act()
        with pytest.raises(adopt.NotRetained):
            adopt.adopt(one, author())

    assert not Site.objects.exists()


def test_adopting_twice_changes_nothing(retained):
    adopt.adopt(retained, author())
    before = list(Site.objects.values()), list(SiteTarget.objects.values())

    with pytest.raises(adopt.NothingNew):
        adopt.adopt(retained, author(1))

    assert (list(Site.objects.values()), list(SiteTarget.objects.values())) == before
    assert Entry.objects.filter(act="sites.adopt").count() == 1


def test_a_newer_version_changes_targets_and_never_what_people_wrote(retained, plan):
    adopt.adopt(retained, author())
    site = Site.objects.get(name=HUB)
    written = keep.correct(
        site, keep.Identity("Le Lavoir (fictif)", "mini"), sites.author(), version=1
    )
    numbered(retained, 2)
    plan(lambda found: [replace(s, promise=replace(s.promise, seats=40)) for s in found])

    adopt.adopt(retained, author(1))

    site.refresh_from_db()
    assert (site.name, site.tier, site.version) == ("Le Lavoir (fictif)", "mini", written.version)
    assert (site.target.seats, site.target.version) == (40, 2)
    assert not Site.objects.filter(name=HUB).exists()


def test_a_site_that_the_plan_leaves_out_is_kept_and_told(retained, plan):
    adopt.adopt(retained, author())
    count = Site.objects.count()
    numbered(retained, 2)
    plan(lambda found: [s for s in found if s.promise.candidate != "69018"])

    found = adoption_plan.preview(version_of(retained))
    assert [site.name for site in found.gone] == [HUB]
    adopt.adopt(retained, author(1))

    assert Site.objects.count() == count
    assert not Site.objects.get(name=HUB).target.is_in_plan
    assert not adoption_plan.preview(version_of(retained)).is_new


def test_a_site_that_was_there_already_gets_its_target_and_nothing_else(retained):
    mine = sites.site("Site structurant, BEAUJEU")
    before = Site.objects.filter(pk=mine.pk).values().get()

    adopt.adopt(retained, author())

    assert Site.objects.filter(pk=mine.pk).values().get() == before
    assert mine.target.candidate == "69018"
    assert Site.objects.filter(commune_code="69018").count() == 1


def test_a_site_removed_since_is_not_made_again(retained):
    adopt.adopt(retained, author())
    site = Site.objects.get(name=HUB)
    remove.remove(site, sites.author())
    count = Site.objects.count()

    with pytest.raises(adopt.NothingNew):
        adopt.adopt(retained, author(1))

    assert Site.objects.count() == count


def test_another_territory_keeps_its_sites(retained):
    twin = sites.site(HUB, people.TWIN_SIREN)

    adopt.adopt(retained, author())

    assert not SiteTarget.objects.filter(site=twin).exists()


def test_several_places_of_a_tier_in_a_commune_have_names_of_their_own():
    line = {"name": "Beaujeu", "commune_name": "Beaujeu", "tier": "mini"}

    found = adoption_plan._names([line | {"id": "a"}, line | {"id": "b"}])

    assert found == {"a": "Mini-cowork, Beaujeu 1", "b": "Mini-cowork, Beaujeu 2"}


def test_undoing_leaves_the_network_as_it_was(retained):
    mine = sites.site(HUB)
    adoption = adopt.adopt(retained, author())

    adopt.undo(adoption, author(1))

    assert list(Site.objects.all()) == [mine]
    assert not SiteTarget.objects.exists()
    adoption.refresh_from_db()
    assert adoption.undone_at == author(1).at
    acts = Entry.objects.filter(act__contains="adopt").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["sites.adopt", "sites.undo_adoption"]
    with pytest.raises(adopt.NothingToUndo):
        adopt.undo(adoption, author(2))


def test_undoing_a_second_adoption_brings_back_the_targets_before(retained, plan):
    first = adopt.adopt(retained, author())
    before = list(SiteTarget.objects.order_by("site").values_list("site", "seats", "version"))
    numbered(retained, 2)
    plan(lambda found: [replace(s, promise=replace(s.promise, seats=40)) for s in found[1:]])
    second = adopt.adopt(retained, author(1))
    with pytest.raises(adopt.NothingToUndo):
        adopt.undo(first, author(2))

    adopt.undo(second, author(2))

    rows = SiteTarget.objects.order_by("site")
    assert list(rows.values_list("site", "seats", "version")) == before
    assert set(rows.values_list("is_in_plan", flat=True)) == {True}
    assert set(rows.values_list("adopted_at", flat=True)) == {AT}


def work(site, how):
    match how:
        case "sheet":
            keep.correct(site, keep.Access(is_step_free=True), sites.author(), version=1)
        case "space":
            sites.space(site)
        case "post":
            sites.manager(site)


@pytest.mark.parametrize("how", ["sheet", "space", "post"])
def test_what_people_did_since_is_never_erased(retained, how):
    adoption = adopt.adopt(retained, author())
    count = Site.objects.count()
    work(Site.objects.get(name=HUB), how)

    with pytest.raises(adopt.ChangedSince) as refused:
        adopt.undo(adoption, author(1))

    assert str(refused.value).startswith(HUB)
    assert Site.objects.count() == count


def page_of(scenario, name="scenario_adopt"):
    return reverse(name, args=(scenario.study_id, scenario.study.slug, scenario.number))


def test_the_page_previews_adopts_and_undoes(retained, officer):
    sites.site(HUB)
    page = page_of(retained)

    before = officer.get(page).content.decode()
    assert "10 lieux à créer, 1 déjà là." in before
    assert "déjà là : reçoit son prévu" in before
    assert not Adoption.objects.exists()

    done = officer.post(page, follow=True).content.decode()
    assert "10 lieux sont entrés dans le réseau, en brouillon." in done
    assert "Adopter ce plan" not in done
    assert done.count("déjà là, à jour") == 11
    assert officer.post(page).status_code == 409

    officer.post(page_of(retained, "scenario_adopt_undo"))
    assert Site.objects.count() == 1
    assert officer.post(page_of(retained, "scenario_adopt_undo")).status_code == 409


def test_the_page_says_why_an_adoption_stays(retained, officer):
    adopt.adopt(retained, author())
    work(Site.objects.get(name=HUB), "sheet")

    page = officer.get(page_of(retained)).content.decode()

    assert f"quelqu’un a travaillé depuis sur {HUB}" in page
    assert "Annuler cette adoption" not in page


def test_a_scenario_that_is_not_retained_is_not_adopted_from_its_page(one, officer):
    page = officer.get(page_of(one)).content.decode()

    assert "Ce scénario n’est pas retenu." in page
    assert officer.post(page_of(one)).status_code == 409


@pytest.mark.parametrize(
    ("kind", "scope", "status"),
    [
        (RoleKind.CHIEF_EXECUTIVE, people.TERRITORY, 403),
        (RoleKind.CONSULTANT, people.TERRITORY, 403),
        (RoleKind.SITE_MANAGER, people.TERRITORY, 404),
        (RoleKind.PROJECT_OFFICER, people.TWIN, 404),
    ],
)
def test_others_do_not_adopt(retained, kind, scope, status):
    who = people.signed_in(Client(), people.holder(kind, scope))

    assert who.post(page_of(retained)).status_code == status
    assert who.post(page_of(retained, "scenario_adopt_undo")).status_code == status
    assert not Site.objects.exists()


def test_the_button_is_on_the_page_of_a_retained_scenario(retained, officer):
    assert page_of(retained) in officer.get(retained.get_absolute_url()).content.decode()
    reader = people.signed_in(Client(), people.holder(RoleKind.CHIEF_EXECUTIVE))
    assert page_of(retained) not in reader.get(retained.get_absolute_url()).content.decode()


def test_the_preview_asks_the_same_queries_whatever_the_network(
    retained, officer, django_assert_max_num_queries
):
    page = page_of(retained)
    officer.get(page)
    with django_assert_max_num_queries(40) as few:
        officer.get(page)
    adopt.adopt(retained, author())
    with django_assert_max_num_queries(len(few) + 4):
        officer.get(page)
