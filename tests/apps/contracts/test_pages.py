"""Pages of contracts: whose they are, what they do, what they cost."""

from datetime import date, timedelta

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import contracts, members, network_sites, people
from maillage.apps.contracts import deposit, draft, papers, tasks, wordings
from maillage.apps.contracts.models import (
    Approval,
    Contract,
    Deposit,
    DepositMovement,
    HouseRules,
    Kind,
    State,
    Wording,
)
from maillage.apps.people.models import RoleKind
from maillage.core.contract_terms import Terms
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
AT = contracts.AT
A_DAY = timedelta(days=1)
MANAGED = ("contract", "contract_correct", "contract_preview", "contract_send",
           "contract_withdraw", "contract_remind", "contract_notice", "contract_notice_cancel",
           "deposit_receive", "deposit_return", "deposit_keep")  # fmt: skip


@pytest.fixture
def site():
    return network_sites.site()


@pytest.fixture
def today():
    return now().date()


@pytest.fixture
def maud():
    return people.person("Maud Ferrachat (fictif)", "maud@exemple.fr")


def keeper(of_site, name="Sophie Fictive"):
    scope = ("site", str(of_site.pk))
    post = people.position(RoleKind.SITE_MANAGER, scope, organisation=of_site.operator)
    return people.role(people.person(name), position=post).person


@pytest.fixture
def sophie(client, site):
    return people.signed_in(client, keeper(site))


def of(row, name="contract", *more):
    return reverse(name, args=(row.pk, *more))


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def form_of(site, maud, today, **changes):
    return {
        "signatory_name": maud.name, "signatory_email": maud.email, "body": "", "payer": "",
        "site": str(site.pk), "place": "Une place", "starts_on": today.isoformat(),
        "months": "12", "renewal_months": "12", "notice_months": "1", "ends_anytime": "on",
        "plan": "", "price": "120,00", "every": "month", "vat_rate": "20", "includes_tax": "on",
        "worth": "", "proration": "days", "deposit": "120",
    } | changes  # fmt: skip


# --- whose they are ---------------------------------------------------------------------------


def test_twin_operators_find_nothing_of_each_other(client, sophie, site):
    other = network_sites.site("Ailleurs", operator=contracts.body("Autre (fictif)"))
    hidden = contracts.running(other, people.person("Rémi Caché (fictif)"))
    mine = contracts.running(site, people.person("Élise Visible (fictif)"))

    page = text(sophie.get("/contrats/"))

    assert "Élise Visible" in page
    assert "Rémi Caché" not in page
    for name in MANAGED:
        assert sophie.get(of(hidden, name)).status_code == 404, name
        assert sophie.post(of(hidden, name)).status_code in (404, 405), name
    assert sophie.get(of(hidden, "contract_paper", "contrat.pdf")).status_code == 404
    assert sophie.get(of(mine, "contract_paper", "contrat.pdf")).status_code == 200
    assert sophie.get(of(mine, "contract_paper", "autre.pdf")).status_code == 404
    twin = other.operator
    for name in ("contract_texts", "contract_rules", "contract_approval"):
        assert sophie.get(reverse(name, args=(twin.pk,))).status_code == 404
    assert sophie.get(reverse("contract_write", args=(twin.pk, "resident"))).status_code == 404


def test_nobody_else_keeps_contracts(client, site, maud):
    row = contracts.running(site, maud)
    here = ("territory", site.territory_id)
    for kind, scope in (
        (RoleKind.MEMBER, ("site", str(site.pk))),
        (RoleKind.HOST, ("site", str(site.pk))),
        (RoleKind.MAYOR, here),
        (RoleKind.TREASURER, here),
        (RoleKind.CHIEF_EXECUTIVE, here),
        (RoleKind.PROJECT_OFFICER, people.TWIN),
    ):
        people.signed_in(client, people.holder(kind, scope))
        assert client.get(of(row)).status_code in (403, 404), kind
        assert "Maud" not in client.get("/contrats/").content.decode()


def test_the_party_reads_hers_and_only_hers(client, site, maud):
    mine = contracts.running(site, maud)
    theirs = contracts.running(site, people.person("Rémi Caché (fictif)"))
    unsent = contracts.drafted(site, maud)
    people.signed_in(client, maud)

    page = text(client.get("/mes-contrats/"))

    assert mine.reference in page
    assert theirs.reference not in page
    assert unsent.reference not in page
    answers = [client.get(of(one, "own_contract")).status_code for one in (mine, theirs, unsent)]
    assert answers == [200, 404, 404]
    stored = [
        client.get(of(one, "own_contract_paper", "preuve.json")).status_code
        for one in (mine, theirs)
    ]
    assert stored == [200, 404]
    assert client.get(of(mine)).status_code in (403, 404)


# --- preparing --------------------------------------------------------------------------------


def test_a_contract_is_prepared_corrected_and_sent(sophie, site, maud, today):
    seat = contracts.with_seat(site)
    chosen = sophie.get("/contrats/nouveau/", {"operator": site.operator.pk, "kind": "resident"})
    asked = form_of(site, maud, today, seats=[str(seat.pk)])

    made = sophie.post(chosen.url, asked)
    row = Contract.objects.get()
    shown = text(sophie.get(made.url))
    pdf = sophie.get(of(row, "contract_preview"))
    changed = asked | {"price": "90", "version": "1"}
    corrected = sophie.post(of(row, "contract_correct"), changed)
    stale = sophie.post(of(row, "contract_correct"), changed)
    row.refresh_from_db()
    sent = sophie.post(of(row, "contract_send"), {"version": str(row.version)})

    assert "Maud Ferrachat" in shown
    assert pdf.content.startswith(b"%PDF")
    assert (corrected.status_code, stale.status_code, sent.status_code) == (302, 422, 302)
    assert "Quelqu’un a modifié ce contrat" in text(stale)
    row.refresh_from_db()
    assert (row.state, row.price_cents, row.party_person) == (State.SENT, 9_000, maud)
    assert "Signer pour l’organisme" in text(sophie.get(of(row)))


def test_what_is_typed_wrong_is_said_and_nothing_is_made(sophie, site, maud, today):
    address = reverse("contract_write", args=(site.operator.pk, "resident"))
    cases = [
        {"signatory_email": "pas une adresse"},
        {"months": "0"},
        {"price": "douze"},
        {"starts_on": ""},
        {"site": "999999"},
        {"seats": ["999999"]},
    ]
    for changes in cases:
        answer = sophie.post(address, form_of(site, maud, today) | changes)
        assert answer.status_code == 422, changes
    assert not Contract.objects.exists()
    assert sophie.get("/contrats/nouveau/", {"kind": "inconnu"}).status_code == 422
    unknown = reverse("contract_write", args=(site.operator.pk, "inconnu"))
    assert sophie.get(unknown).status_code == 404


def test_a_body_signs_and_its_price_is_a_plan_s(sophie, site, maud, today):
    firm = contracts.body("Atelier (fictif)", "company")
    plan = members.plan(site.operator, price_cents=4_500)
    asked = form_of(site, maud, today, body=str(firm.pk), plan=str(plan.pk), price="")

    sophie.post(reverse("contract_write", args=(site.operator.pk, "occupancy")), asked)

    row = Contract.objects.get()
    assert (row.party_organisation, row.payer_organisation) == (firm, firm)
    assert (row.plan, row.price_cents, row.every) == (plan, 4_500, "month")


def test_a_host_shop_has_no_price(sophie, site, maud, today):
    shop = contracts.body()
    asked = form_of(site, maud, today, body=str(shop.pk), particulars="20 % au commerce (fictif)")

    sophie.post(reverse("contract_write", args=(site.operator.pk, "host_shop")), asked)

    row = Contract.objects.get()
    assert (row.is_charged, row.price_cents, row.deposit_cents) == (False, 0, 0)


def test_the_same_contract_for_47_residents(
    sophie, site, today, django_capture_on_commit_callbacks
):
    residents = [people.person(f"Résident {n:02d} (fictif)") for n in range(47)]
    for one in residents:
        members.member(site, one, audience="resident", starts_on=date(2026, 1, 1))
    contracts.running(site, residents[0])
    address = reverse("contract_many", args=(site.operator.pk, "resident"))
    asked = form_of(site, residents[0], today, people=[str(one.pk) for one in residents])

    preview = text(sophie.post(address, asked))
    before = Contract.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        sent = sophie.post(address, asked | {"send": "1"})

    assert "46 contrats à préparer" in preview
    assert preview.count("A déjà le contrat") == 1
    assert before == 1
    assert sent.status_code == 302
    made = Contract.objects.filter(state=State.DRAFT)
    assert made.count() == 46
    job = ProcrastinateJob.objects.get(task_name="contracts.send_many")
    tasks.send_many(**job.args | {"contract_ids": job.args["contract_ids"][:2]})
    assert Contract.objects.filter(state=State.SENT).count() == 2
    # asked again, there is nobody left
    assert "Voir l’aperçu" in text(sophie.post(address, asked))
    sophie.post(address, asked | {"prepare": "1"})
    assert Contract.objects.count() == 47


def test_a_contract_between_bodies_is_not_for_many(sophie, site):
    assert (
        sophie.get(reverse("contract_many", args=(site.operator.pk, "host_shop"))).status_code
        == 404
    )


# --- following --------------------------------------------------------------------------------


def test_what_asks_for_an_act_is_listed(sophie, site, today):
    at = now()
    sent = contracts.sent(contracts.drafted(site, people.person("Sans (fictif)")), at)
    Contract.objects.filter(pk=sent.pk).update(sent_at=at - timedelta(days=8))
    fixed = Terms(today - timedelta(days=330), 12, 12, 1)
    renewing = contracts.signed(
        contracts.drafted(site, people.person("Renouvelle (fictif)"), terms=fixed), at
    )
    far = contracts.signed(
        contracts.drafted(site, people.person("Loin (fictif)"), terms=Terms(today, 36, 12, 1)), at
    )

    page = text(sophie.get("/contrats/"))
    found = {
        code: text(sophie.get("/contrats/", {"etat": code}))
        for code in ("sans-signature", "a-renouveler", "preavis", "depots", "running")
    }

    assert "1 sans signature depuis 7 jours" in page
    assert "1 à renouveler" in page
    assert sent.reference in found["sans-signature"]
    assert renewing.reference in found["a-renouveler"]
    for code in ("sans-signature", "a-renouveler", "preavis", "depots"):
        assert far.reference not in found[code]
    assert far.reference in found["running"]
    assert "Loin" in text(sophie.get("/contrats/", {"q": "loin", "lieu": str(site.pk)}))


def test_a_notice_too_short_is_told_then_given_then_taken_back(sophie, site, maud, today):
    terms = Terms(today - timedelta(days=40), 12, 12, 1, ends_anytime=True)
    row = contracts.signed(contracts.drafted(site, maud, terms=terms), now())
    asked = {
        "by": "party", "given_on": today.isoformat(), "last_on": (today + A_DAY).isoformat(),
        "version": str(row.version), "reason": "",
    }  # fmt: skip

    short = sophie.post(of(row, "contract_notice"), asked)
    given = sophie.post(of(row, "contract_notice"), asked | {"agreed": "on"})
    row.refresh_from_db()
    ends_on = row.ends_on
    back = sophie.post(of(row, "contract_notice_cancel"), {"version": str(row.version)})

    assert (short.status_code, given.status_code, back.status_code) == (422, 302, 302)
    assert "Le préavis est trop court" in text(short)
    assert ends_on == today + 2 * A_DAY
    row.refresh_from_db()
    assert (row.state, row.ends_on) == (State.RUNNING, None)


def test_a_deposit_is_received_kept_returned_and_a_mistake_undone(sophie, site, maud, today):
    row = contracts.signed(contracts.drafted(site, maud), now())
    money = {"amount": "120", "on": today.isoformat(), "means": "transfer"}

    sophie.post(of(row, "deposit_receive"), money)
    wrong = DepositMovement.objects.get()
    sophie.post(of(row, "deposit_undo", wrong.pk))
    sophie.post(of(row, "deposit_receive"), money)
    early = sophie.post(of(row, "deposit_return"), money)
    nothing = sophie.post(of(row, "deposit_receive"), money | {"amount": "0"})
    Contract.objects.filter(pk=row.pk).update(state=State.ENDED, ends_on=row.starts_on + A_DAY)
    assert "1 dépôt à rendre" in text(sophie.get("/contrats/"))
    kept = {"amount": "20", "on": today.isoformat(), "reason": "Clé perdue"}
    sophie.post(of(row, "deposit_keep"), kept)
    without_reason = sophie.post(of(row, "deposit_keep"), kept | {"reason": ""})
    back = sophie.post(of(row, "deposit_return"), money | {"amount": "100"})

    assert [one.status_code for one in (early, nothing, without_reason, back)] == [
        422, 422, 422, 302,
    ]  # fmt: skip
    assert Deposit.objects.get().held_cents() == 0
    assert "Clé perdue" in text(sophie.get(of(row)))


def test_a_contract_is_withdrawn_with_its_reason_and_reminded(sophie, site, maud):
    row = contracts.sent(contracts.drafted(site, maud), now() - timedelta(days=3))
    assert sophie.post(of(row, "contract_remind")).status_code == 302
    assert sophie.post(of(row, "contract_remind")).status_code == 409
    assert sophie.post(of(row, "contract_withdraw"), {"reason": ""}).status_code == 422
    assert sophie.post(of(row, "contract_withdraw"), {"reason": "Erreur"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.end_reason) == (State.WITHDRAWN, "Erreur")


# --- texts ------------------------------------------------------------------------------------


def test_articles_house_rules_and_approval_are_written(sophie, site):
    pk = site.operator.pk
    articles = {
        "title-1": "Objet", "text-1": "{{ organisme }} et {{ settings.SECRET_KEY }} {{ inconnu }}",
        "version": "0",
    }  # fmt: skip

    said = sophie.post(reverse("contract_articles", args=(pk, "resident")), articles, follow=True)
    stale = sophie.post(reverse("contract_articles", args=(pk, "resident")), articles)
    sophie.post(reverse("contract_rules", args=(pk,)), {"text": "Silence.", "version": "0"})
    approval = {"number": "2027-1", "prefecture": "Rhône", "ends_on": "2033-01-01"}
    sophie.post(reverse("contract_approval", args=(pk,)), approval)

    assert "seront imprimés tels quels : {{ inconnu }}" in text(said)
    assert stale.status_code == 422
    assert Wording.objects.get().articles == [
        {"title": "Objet", "text": articles["text-1"]},
    ]
    assert (HouseRules.objects.get().text, Approval.objects.get().number) == ("Silence.", "2027-1")
    page = text(sophie.get(reverse("contract_texts", args=(pk,))))
    assert "Les vôtres, version 1" in page
    assert "N° 2027-1, Rhône, valable jusqu’au 1er janvier 2033" in page


def test_what_staff_types_is_never_a_template(site, maud):
    article = draft.shipped.Article("{% load %}", "{{ settings.SECRET_KEY }} {0.__class__} #read()")
    wordings.adapt(site.operator, Kind.RESIDENT, [article], version=0, by=None, at=AT)
    hostile = '{{ organisme }} #include "/etc/passwd" $x$ @label'
    made = contracts.drafted(site, maud, particulars=hostile, place=hostile)

    sent = contracts.sent(made)
    pdf = pypdfium2.PdfDocument(papers.data_of(sent.papers.get()))
    said = " ".join(pdf[n].get_textpage().get_text_range() for n in range(len(pdf)))
    assert "{{ settings.SECRET_KEY }} {0.__class__} #read()" in said
    assert "{% load %}" in said
    assert "root:" not in said


# --- what they cost ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/contrats/", "/contrats/?etat=a-renouveler", "/mes-contrats/"]
)
def test_lists_cost_the_same_for_one_and_three(client, site, today, maud, address):
    terms = Terms(today - timedelta(days=320), 12, 12, 1)
    people.signed_in(client, keeper(site) if address.startswith("/contrats") else maud)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as done:
            assert client.get(address).status_code == 200
        return len(done)

    contracts.signed(contracts.drafted(site, maud, terms=terms), now())
    # the first page reads the switches that every process keeps
    queries()
    one = queries()
    for _n in range(2):
        contracts.signed(contracts.drafted(site, maud, terms=terms), now())

    assert queries() == one


def test_a_page_costs_the_same_with_more_events(sophie, site, maud):
    row = contracts.signed(contracts.drafted(site, maud), now())

    def queries():
        with CaptureQueriesContext(connection) as done:
            sophie.get(of(row))
        return len(done)

    moved = deposit.Moved(1_000, now().date(), "cash")
    deposit.receive(row, moved, by=None, at=now())
    queries()
    one = queries()
    for _n in range(3):
        deposit.receive(row, moved, by=None, at=now())

    assert queries() == one
