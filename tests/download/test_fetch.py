"""Every official file of an intercommunality, in order, whatever becomes of each."""

import fcntl
import hashlib
import json
from datetime import UTC, datetime

import pytest

from factories import publisher as answers
from factories.official import EPCI, EPCICOM, OSM_HEADER, write, write_workbook
from maillage.core.bad_input import BadInput
from maillage.core.sources import fetched, inventory, registry
from maillage.download import fetch as fetch_files
from maillage.download import read_given

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
INSEE = "/fr/statistiques/fichier"
COMMUNES = f"{INSEE}/8740222/v_commune_2026.csv"
CENSUS = f"{INSEE}/2521169/base_cc_comparateur_csv.zip"
FLOWS = f"{INSEE}/8998300/base-flux-mobilite-domicile-lieu-travail-2023_csv.zip"
ROADS = "/europe/france/rhone-alpes-latest.osm.pbf"
ORDER = [
    *("communes", "epci", "movements", "census", "grid", "equipment", "outlines"),
    *("third_places", "service_houses", "stations", "flows", "roads"),
]


class Follower:
    """What a person would see."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, int, int]] = []

    def begins(self, name, number, of):
        self.begun.append((name, number, of))

    def holds(self, done, total):
        pass

    def waits(self, seconds):
        pass

    def ends(self, arrival):
        pass


@pytest.fixture
def follower():
    return Follower()


@pytest.fixture
def fetch(served, client, follower, tmp_path):
    def act(text=EPCI, *, given=(), again=False):
        arrivals = fetch_files(
            tmp_path / "donnees",
            text,
            read_given(given, None),
            client,
            follower,
            now=lambda: AT,
            again=again,
        )
        return {a.wanted.dataset.id: a for a in arrivals}

    return act


def states(arrivals):
    return {key: arrival.state for key, arrival in arrivals.items()}


ALL = dict.fromkeys(ORDER, "fetched") | dict.fromkeys(("third_places", "service_houses"), "by_hand")


def test_every_file_comes_then_a_study_can_run(fetch, tmp_path, follower):
    arrivals = fetch()

    assert states(arrivals) == ALL
    assert list(arrivals) == ORDER
    assert [number for _, number, _ in follower.begun] == list(range(1, 13))
    assert {of for _, _, of in follower.begun} == {12}
    entries = {e.dataset.id: e for e in inventory.of_folder(tmp_path / "donnees")}
    assert inventory.can_run(tuple(entries.values()))
    assert entries["flows"].vintage == "RP 2023"
    assert entries["roads"].is_readable


def test_each_file_is_recorded_with_its_address_date_fingerprint_and_licence(
    fetch, tmp_path, publisher, served
):
    fetch()

    written = json.loads((tmp_path / "donnees" / "sources.json").read_text(encoding="utf-8"))
    files = written["files"]
    assert len(files) == 10
    assert files["v_commune_2026.csv"] == {
        "dataset": "communes",
        "address": publisher.url(COMMUNES),
        "fetched_at": "2026-11-22T09:30:00+00:00",
        "changed_on": "2026-11-03",
        "vintage": "COG 2026",
        "bytes": len(served["communes"]),
        "sha256": hashlib.sha256(served["communes"]).hexdigest(),
        "publisher": "Insee, DGCL, IGN",
        "licence": "Licence Ouverte 2.0",
    }
    assert files["rhone-alpes-latest.osm.pbf"]["licence"].startswith("ODbL")
    leftover = {p.name for p in (tmp_path / "donnees").iterdir()} - set(files)
    assert leftover == {"sources.json"}


def test_a_fetched_file_is_cited_with_its_own_vintage_until_it_changes(fetch, tmp_path):
    fetch()
    folder = tmp_path / "donnees"

    entries = {e.dataset.id: e.vintage for e in inventory.of_folder(folder)}

    assert entries["equipment"] == "BPE 2025"
    assert entries["outlines"] == "2026, simplifiés à 100 m par Etalab"
    assert entries["stations"] == entries["roads"] == "2026-11-03"
    stations = folder / "gares-de-voyageurs.csv"
    assert registry.source("stations", stations).vintage == "2026-11-03"
    stations.write_bytes(stations.read_bytes().replace(b"Ambre", b"Ambra"))
    assert registry.source("stations", stations).vintage == "juillet 2025"


def test_what_is_there_and_whole_is_not_asked_again(fetch, publisher):
    fetch()
    asked = len(publisher.asked)

    arrivals = fetch()

    assert states(arrivals) == {k: "kept" if v == "fetched" else v for k, v in ALL.items()}
    assert len(publisher.asked) == asked


def test_everything_is_asked_again_on_demand(fetch, publisher):
    fetch()
    asked = len(publisher.asked)

    assert states(fetch(again=True)) == ALL
    assert len(publisher.asked) == 2 * asked


@pytest.mark.parametrize("damage", [b"", b"autre contenu\n"])
def test_a_fetched_file_that_changed_on_the_disk_is_fetched_again(fetch, tmp_path, damage):
    fetch()
    (tmp_path / "donnees" / "v_commune_2026.csv").write_bytes(damage)

    assert states(fetch())["communes"] == "fetched"


def test_a_file_put_there_by_hand_is_kept_and_not_recorded(fetch, tmp_path, publisher):
    folder = tmp_path / "donnees"
    folder.mkdir()
    write(folder / "bpe18_ensemble.csv", "DEPCOM;AN;TYPEQU;NB_EQUIP\n01004;2018;B203;1\n")
    write(folder / "liste-fs-20260101.csv", "lib_fs,insee_com,latitude,longitude\n")

    arrivals = fetch()

    assert (arrivals["equipment"].state, arrivals["service_houses"].state) == ("yours", "yours")
    assert arrivals["equipment"].path.name == "bpe18_ensemble.csv"
    assert "bpe18_ensemble.csv" not in fetched.read(folder)
    assert not [path for path, _ in publisher.asked if "BPE" in path]


def test_a_missing_file_does_not_stop_the_others(fetch, publisher):
    del publisher.offers[CENSUS]

    arrivals = fetch()

    assert states(arrivals) == ALL | {"census": "failed"}
    refusal = arrivals["census"].refusal
    assert refusal.code == "download_not_found"
    assert refusal.facts["page"] == "https://www.insee.fr/fr/statistiques/2521169"


def test_a_cut_that_lasts_is_resumed_by_the_next_command(fetch, publisher, served):
    size = len(served["flows"]) // 2
    publisher.offers[FLOWS].answers = [answers.cut_after(size), *[answers.cut_after(0)] * 2]
    assert fetch()["flows"].refusal.code == "download_cut"

    assert fetch()["flows"].state == "fetched"
    assert publisher.ranges(FLOWS)[-1] == f"bytes={size}-"


def test_a_file_that_is_not_that_of_its_vintage_is_refused(fetch, publisher, tmp_path):
    publisher.put(FLOWS, publisher.offers[FLOWS].content + b"\x00")

    arrivals = fetch()

    assert arrivals["flows"].refusal.code == "download_altered"
    assert not list((tmp_path / "donnees").glob("base-flux*"))


def test_a_changed_file_is_accepted_by_giving_its_address(fetch, publisher):
    publisher.put(FLOWS, publisher.offers[FLOWS].content + b"\x00")

    arrivals = fetch(given=[f"flows={publisher.url(FLOWS)}"])

    assert arrivals["flows"].state == "fetched"
    assert arrivals["flows"].record.vintage == "2026-11-03"


def test_a_given_address_replaces_what_another_gave(fetch, publisher):
    fetch()
    there = publisher.put("/copie/RP2021_mobpro.parquet", b"PAR1" + bytes(9) + b"PAR1")

    arrivals = fetch(given=[f"flows={there}"])

    assert arrivals["flows"].path.name == "RP2021_mobpro.parquet"
    assert fetch(given=[f"flows={there}"])["flows"].state == "kept"


def test_the_name_of_the_intercommunality_is_accepted(fetch):
    assert states(fetch("Prés fictifs"))["roads"] == "fetched"


def test_an_unknown_perimeter_is_said_once_the_communes_are_there_which_stay(fetch, tmp_path):
    with pytest.raises(BadInput) as refusal:
        fetch("200000009")

    assert refusal.value.code == "unknown_perimeter"
    names = {path.name for path in (tmp_path / "donnees").iterdir()}
    assert names == {"v_commune_2026.csv", "EPCI_au_01-01-2026.zip", "sources.json"}


def test_an_intercommunality_of_two_regions_brings_both(fetch, publisher, tmp_path):
    folder = tmp_path / "donnees"
    folder.mkdir()
    both = [*EPCICOM, ["69", EPCI, "CC des Prés fictifs", "CC", "71001", "217100012", "Abergement"]]
    write_workbook(folder / "epcicom2026.xlsx", {"epcicom2026": both})
    line = "COM,71001,27,71,71D,712,0,ABERGEMENT,Abergement,Abergement,,\n"
    offer = publisher.offers[COMMUNES]
    given = publisher.put("/v_commune_2026.csv", offer.content + line.encode())
    publisher.put("/europe/france/bourgogne-latest.osm.pbf", OSM_HEADER)
    checksum = hashlib.md5(OSM_HEADER, usedforsecurity=False).hexdigest()
    publisher.put("/europe/france/bourgogne-latest.osm.pbf.md5", checksum.encode())

    fetch(given=[f"communes={given}"])

    assert sorted(path.name for path in folder.glob("*.osm.pbf")) == [
        "bourgogne-latest.osm.pbf",
        "rhone-alpes-latest.osm.pbf",
    ]


def test_without_the_communes_the_roads_are_not_known_but_the_others_come(fetch, publisher):
    del publisher.offers[COMMUNES]

    arrivals = fetch()

    assert states(arrivals) == ALL | {"communes": "failed", "roads": "failed"}
    assert arrivals["roads"].refusal.code == "download_region_unknown"


def test_the_roads_of_a_given_address_need_no_perimeter(fetch, publisher, tmp_path):
    del publisher.offers[COMMUNES]
    there = publisher.put("/copie/drome.osm.pbf", OSM_HEADER)

    assert states(fetch(given=[f"roads={there}"]))["roads"] == "fetched"
    assert (tmp_path / "donnees" / "drome.osm.pbf").read_bytes() == OSM_HEADER


def test_a_checksum_of_the_publisher_that_differs_is_refused(fetch, publisher):
    publisher.put(f"{ROADS}.md5", b"0" * 32)

    assert fetch()["roads"].refusal.code == "download_altered"


def test_a_password_of_an_address_is_nowhere_in_the_folder(fetch, publisher, tmp_path):
    there = publisher.url(FLOWS).replace("http://", "http://marie:sesame@") + "?jeton=secret"

    fetch(given=[f"flows={there}"])

    written = (tmp_path / "donnees" / "sources.json").read_text(encoding="utf-8")
    assert publisher.url(FLOWS) in written
    assert "sesame" not in written
    assert "secret" not in written


def test_a_spoilt_record_of_the_sources_is_written_anew(fetch, tmp_path):
    fetch()
    (tmp_path / "donnees" / "sources.json").write_text("{", encoding="utf-8")

    # nobody knows where they come from any more: as if they had been put there by hand
    assert states(fetch())["communes"] == "yours"
    assert states(fetch(again=True))["communes"] == "fetched"


def test_a_file_given_as_the_folder_is_refused(fetch, tmp_path):
    write(tmp_path / "donnees", "texte")

    with pytest.raises(BadInput) as refusal:
        fetch()

    assert refusal.value.code == "not_a_folder"


def test_a_folder_that_cannot_be_made_is_refused(fetch, tmp_path, monkeypatch):
    (tmp_path / "donnees").symlink_to(tmp_path / "absent" / "donnees")

    with pytest.raises(BadInput) as refusal:
        fetch()

    assert refusal.value.code == "download_cannot_write"


def test_two_commands_do_not_fill_one_folder_at_the_same_time(fetch, tmp_path):
    folder = tmp_path / "donnees"
    folder.mkdir()
    with (folder / ".fetch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BadInput) as refusal:
            fetch()

    assert refusal.value.code == "download_busy"
    assert states(fetch()) == ALL
