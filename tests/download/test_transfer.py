"""One file through a server that serves it, cuts it, lies about it, or refuses it."""

import json
import socket
from dataclasses import replace

import pytest

from factories import publisher as answers
from maillage.core.bad_input import BadInput
from maillage.download import Client, Patience, address, transfer
from maillage.download.part import Part
from maillage.report import refusals

CONTENT = bytes(range(256)) * 40
PATH = "/fichier.bin"


class Seen:
    """What a follower is told."""

    def __init__(self) -> None:
        self.held: list[tuple[int, int | None]] = []
        self.waits_s: list[float] = []

    def holds(self, done, total):
        self.held.append((done, total))

    def waits(self, seconds):
        self.waits_s.append(seconds)


@pytest.fixture
def seen():
    return Seen()


@pytest.fixture
def bring(client, tmp_path, seen):
    def act(url, *, most_bytes=1_000_000):
        with Part(tmp_path / "fichier.bin", url) as part:
            client.bring(address.read(url), part, most_bytes, "https://exemple.fr/page", seen)
        return part

    return act


def refused(bring, url, **options):
    with pytest.raises(BadInput) as refusal:
        bring(url, **options)
    return refusal.value


def test_a_whole_file_comes_and_its_follower_knows_its_size(publisher, bring, seen):
    part = bring(publisher.put(PATH, CONTENT, answers.slowly))

    assert part.path.read_bytes() == CONTENT
    assert part.is_whole
    assert seen.held[0] == (0, len(CONTENT))
    assert seen.held[-1] == (len(CONTENT), len(CONTENT))


def test_a_cut_is_resumed_from_where_it_stopped(publisher, bring, waited):
    url = publisher.put(PATH, CONTENT, answers.cut_after(1000), answers.cut_after(500))

    assert bring(url).path.read_bytes() == CONTENT
    assert publisher.ranges(PATH) == [None, "bytes=1000-", "bytes=1500-"]
    assert waited == [1.0, 1.0]


def test_tries_that_bring_bytes_do_not_wear_patience_out(publisher, bring):
    url = publisher.put(PATH, CONTENT, *[answers.cut_after(1000)] * 8)

    assert bring(url).path.read_bytes() == CONTENT


def test_cuts_without_a_byte_more_end_with_what_came_kept(publisher, bring, tmp_path, waited):
    url = publisher.put(PATH, CONTENT, answers.cut_after(1000), *[answers.cut_after(0)] * 9)

    refusal = refused(bring, url)

    assert refusal.code == "download_cut"
    assert waited == [1.0, 2.0]
    assert (tmp_path / "fichier.bin.part").read_bytes() == CONTENT[:1000]


def test_another_command_resumes_what_was_left(publisher, bring):
    url = publisher.put(PATH, CONTENT, answers.cut_after(1000), *[answers.cut_after(0)] * 2)
    refused(bring, url)

    assert bring(url).path.read_bytes() == CONTENT
    assert publisher.ranges(PATH)[-1] == "bytes=1000-"
    assert publisher.asked[-1][1]["if-range"] == '"v1"'


def test_a_file_that_changed_between_two_tries_starts_again(publisher, bring):
    url = publisher.put(PATH, CONTENT, answers.cut_after(1000), *[answers.cut_after(0)] * 2)
    refused(bring, url)
    other = CONTENT[::-1]
    publisher.put(PATH, other, etag='"v2"', changed_at="Wed, 04 Nov 2026 10:00:00 GMT")

    assert bring(url).path.read_bytes() == other


def test_without_an_entity_tag_the_date_tells_whether_it_is_the_same(publisher, bring):
    url = publisher.put(PATH, CONTENT, answers.cut_after(1000), etag=None)

    assert bring(url).path.read_bytes() == CONTENT
    assert publisher.asked[-1][1]["if-range"] == "Tue, 03 Nov 2026 10:00:00 GMT"


def test_a_weak_entity_tag_does_not_promise_the_same_bytes(publisher, bring):
    url = publisher.put(PATH, CONTENT, answers.cut_after(9), etag='W/"v1"', changed_at=None)

    assert bring(url).path.read_bytes() == CONTENT
    assert publisher.ranges(PATH) == [None, None]


@pytest.mark.parametrize("answer", [answers.ignore_range, answers.other_range])
def test_a_server_that_does_not_serve_the_range_starts_again(publisher, bring, answer):
    url = publisher.put(PATH, CONTENT, answers.cut_after(1000), answer)

    assert bring(url).path.read_bytes() == CONTENT


def test_a_file_that_shrank_starts_again(publisher, bring):
    url = publisher.put(PATH, CONTENT, answers.cut_after(1000), *[answers.cut_after(0)] * 2)
    refused(bring, url)
    publisher.put(PATH, CONTENT[:500])

    assert bring(url).path.read_bytes() == CONTENT[:500]


def test_a_part_of_another_address_is_not_the_beginning(publisher, bring):
    url = publisher.put(PATH, CONTENT, answers.cut_after(1000), *[answers.cut_after(0)] * 2)
    refused(bring, url)
    elsewhere = publisher.put("/autre.bin", CONTENT[::-1])

    assert bring(elsewhere).path.read_bytes() == CONTENT[::-1]
    assert publisher.ranges("/autre.bin") == [None]


@pytest.mark.parametrize(
    "state", ["{", "[]", '{"total": 3}', json.dumps({"source": "x"}), json.dumps({"strong": 5})]
)
def test_a_part_whose_state_is_lost_starts_again(publisher, bring, tmp_path, state):
    (tmp_path / "fichier.bin.part").write_bytes(b"reste")
    (tmp_path / "fichier.bin.part.json").write_text(state, encoding="utf-8")

    assert bring(publisher.put(PATH, CONTENT)).path.read_bytes() == CONTENT
    assert publisher.ranges(PATH) == [None]


def test_a_whole_part_is_not_asked_again(publisher, bring):
    url = publisher.put(PATH, CONTENT)
    bring(url)

    bring(url)

    assert len(publisher.asked) == 1


def test_a_length_shorter_than_the_file_keeps_what_was_announced(publisher, bring):
    part = bring(publisher.put(PATH, CONTENT, answers.say_length(100)))

    assert part.path.read_bytes() == CONTENT[:100]


def test_a_length_longer_than_the_file_is_a_cut_that_never_mends(publisher, bring):
    url = publisher.put(PATH, CONTENT, *[answers.say_length(20_000)] * 9)

    assert refused(bring, url).code == "download_cut"


def test_a_file_without_a_length_comes_whole(publisher, bring, seen):
    part = bring(publisher.put(PATH, CONTENT, answers.without_length))

    assert part.path.read_bytes() == CONTENT
    assert seen.held[-1] == (len(CONTENT), None)


def test_a_file_in_chunks_is_whole_with_the_last_one_only(publisher, bring):
    url = publisher.put(
        PATH, CONTENT, answers.in_chunks(is_whole=False), answers.in_chunks(is_whole=True)
    )

    assert bring(url).path.read_bytes() == CONTENT
    assert publisher.ranges(PATH) == [None, f"bytes={len(CONTENT)}-"]


def test_an_error_of_the_server_is_tried_again_after_longer_and_longer_pauses(
    publisher, bring, waited, seen
):
    url = publisher.put(PATH, CONTENT, answers.status(500), answers.status(503))

    assert bring(url).path.read_bytes() == CONTENT
    assert waited == seen.waits_s == [1.0, 2.0]


def test_a_server_that_asks_to_wait_is_obeyed(publisher, bring, waited):
    url = publisher.put(
        PATH,
        CONTENT,
        answers.status(429, Retry_After="7"),
        answers.status(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
    )

    assert bring(url).path.read_bytes() == CONTENT
    assert waited == [7.0, 0.0]


def test_a_server_that_asks_to_wait_too_long_is_left(publisher, bring, waited):
    url = publisher.put(PATH, CONTENT, answers.status(429, Retry_After="3601"))

    refusal = refused(bring, url)

    assert refusal.code == "download_wait_too_long"
    assert "d'attendre 61 minutes" in refusals.sentence(refusal)
    assert waited == []


@pytest.mark.parametrize("wait", ["9" * 500, "bientôt".encode().decode("latin-1"), "-3", ""])
def test_a_wait_that_means_nothing_is_the_usual_pause(publisher, bring, waited, wait):
    url = publisher.put(PATH, CONTENT, answers.status(429, Retry_After=wait))

    assert bring(url).path.read_bytes() == CONTENT
    assert waited == [1.0]


@pytest.mark.parametrize("length", ["9" * 5000, "beaucoup", "-1"])
def test_a_length_that_means_nothing_is_no_length(publisher, bring, length):
    url = publisher.put(PATH, CONTENT, answers.say_length(length))

    assert bring(url).path.read_bytes() == CONTENT


def test_a_redirect_to_nowhere_is_refused(publisher, bring):
    url = publisher.put(PATH, CONTENT, answers.redirect("http://[::1"))

    assert refused(bring, url).code == "download_redirect"


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (404, "download_not_found"),
        (410, "download_not_found"),
        (401, "download_forbidden"),
        (403, "download_forbidden"),
        (400, "download_refused"),
        (204, "download_refused"),
        (304, "download_refused"),
    ],
)
def test_a_refusal_of_the_server_is_not_tried_again(publisher, bring, waited, code, refusal):
    url = publisher.put(PATH, CONTENT, *[answers.status(code)] * 2)

    assert refused(bring, url).code == refusal
    assert waited == []


def test_an_error_that_lasts_is_said_with_its_number(publisher, bring):
    url = publisher.put(PATH, CONTENT, *[answers.status(502)] * 3)

    refusal = refused(bring, url)

    assert (refusal.code, refusal.facts["status"]) == ("download_refused", 502)


def test_a_server_that_falls_silent_is_a_cut(publisher, client, bring):
    client.patience = replace(client.patience, read_s=2.0)
    url = publisher.put(PATH, CONTENT, answers.silent)

    assert bring(url).path.read_bytes() == CONTENT
    assert publisher.ranges(PATH) == [None, "bytes=10-"]


def test_nobody_at_the_address_is_said(bring, waited):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/a"

        refusal = refused(bring, url)

    assert (refusal.code, refusal.facts["host"]) == ("download_unreachable", "127.0.0.1")
    assert waited == [1.0, 2.0]


def test_a_redirect_on_this_machine_is_followed(publisher, bring):
    there = publisher.put("/la-bas.bin", CONTENT)
    url = publisher.put(PATH, b"", answers.redirect(there), answers.redirect("/la-bas.bin", 308))

    assert bring(url).path.read_bytes() == CONTENT


@pytest.mark.parametrize("location", ["http://exemple.fr/a", "https://exemple.fr/a", "file:///a"])
def test_a_redirect_away_from_this_machine_is_refused(publisher, bring, location):
    url = publisher.put(PATH, CONTENT, answers.redirect(location))

    assert refused(bring, url).code == "download_redirect"


def test_redirects_in_a_circle_end(publisher, bring):
    url = publisher.put(PATH, CONTENT, *[answers.redirect(PATH)] * 9)

    assert refused(bring, url).code == "download_redirect"


def test_a_password_is_sent_to_its_host_and_is_in_no_file(publisher, bring, tmp_path):
    url = publisher.put(PATH, CONTENT, answers.cut_after(10), *[answers.cut_after(0)] * 2)
    secret = url.replace("http://", "http://marie:sesame@")

    refusal = refused(bring, secret)

    assert publisher.asked[0][1]["authorization"] == "Basic bWFyaWU6c2VzYW1l"
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"sesame" not in written
    assert "sesame" not in str(refusal.facts)


def test_a_declared_size_beyond_what_is_plausible_is_refused_before_a_byte(publisher, bring):
    refusal = refused(bring, publisher.put(PATH, CONTENT), most_bytes=1000)

    assert (refusal.code, refusal.facts["most_mb"]) == ("download_too_heavy", 0.001)


def test_a_size_that_is_not_declared_is_bounded_too(publisher, bring):
    url = publisher.put(PATH, CONTENT, answers.without_length)

    assert refused(bring, url, most_bytes=1000).code == "download_too_heavy"


def test_a_disk_without_room_is_said_before_a_byte(publisher, bring, monkeypatch):
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr("maillage.download.transfer.shutil.disk_usage", lambda _: usage)

    refusal = refused(bring, publisher.put(PATH, CONTENT))

    assert (refusal.code, refusal.facts["errno"]) == ("download_cannot_write", 28)


def test_a_folder_where_nothing_may_be_written_is_said(publisher, client, tmp_path, seen):
    url = publisher.put(PATH, CONTENT)
    (tmp_path / "fichier.bin.part").mkdir()

    with pytest.raises(BadInput) as refusal, Part(tmp_path / "fichier.bin", url) as part:
        client.bring(address.read(url), part, 1_000_000, "", seen)

    assert refusal.value.code == "download_cannot_write"


def test_a_disk_that_fills_on_the_way_keeps_what_came(publisher, bring, tmp_path, monkeypatch):
    real, written = Part.write, []

    def full(part, data):
        if written:
            part._stream.close()
            part._stream = open("/dev/full", "wb")  # noqa: SIM115, PTH123
        written.append(data)
        real(part, data[:500])

    monkeypatch.setattr(Part, "write", full)
    monkeypatch.setattr("maillage.download.transfer._CHUNK_BYTES", 1000)

    refusal = refused(bring, publisher.put(PATH, CONTENT))

    assert (refusal.code, refusal.facts["errno"]) == ("download_cannot_write", 28)
    assert (tmp_path / "fichier.bin.part").read_bytes() == CONTENT[:500]


def test_the_publishers_checksum_is_the_first_word_of_its_text(publisher, client, seen):
    url = publisher.put("/a.md5", b"D41D8CD98F  rhone-alpes.osm.pbf\n", answers.status(500))

    assert client.checksum(address.read(url), "", seen) == "d41d8cd98f"


def test_an_unknown_certificate_is_refused_and_not_tried_again(tmp_path, bring, waited):
    with answers.in_tls(tmp_path) as port:
        refusal = refused(bring, f"https://localhost:{port}/a")

    assert (refusal.code, waited) == ("download_certificate", [])


def test_patience_grows_within_a_bound():
    patience = Patience(first_wait_s=1.0, longest_wait_s=5.0)

    assert [patience.wait_s(n) for n in (1, 2, 3, 4, 5)] == [1.0, 2.0, 4.0, 5.0, 5.0]


@pytest.mark.parametrize(
    ("settings", "proxy"),
    [
        ({"https_proxy": "http://mandataire:3128"}, "http://mandataire:3128"),
        ({"https_proxy": "mandataire:3128"}, "http://mandataire:3128"),
        ({"https_proxy": "http://mandataire:3128", "no_proxy": "exemple.fr"}, None),
        ({}, None),
    ],
)
def test_the_proxy_of_the_machine_is_used(monkeypatch, settings, proxy):
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    assert transfer._proxy(address.read("https://exemple.fr/a")) == proxy
    assert Client(Patience())._pool(proxy) is not None
