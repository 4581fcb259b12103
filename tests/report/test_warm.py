"""A child kept warm: answers whole or not at all, within its time, without our secrets."""

import json
import sys
import time

import pytest

from maillage.report.warm import ChildDied, OnePerProcess, Warm
from patience import PATIENCE_S

SCRIPT = """
import json, os, sys, time
for line in sys.stdin.buffer:
    asked = json.loads(line)
    if asked["how"] == "die":
        sys.exit(1)
    if asked["how"] == "half":
        sys.stdout.buffer.write(b"0 100\\nmoitie"); sys.stdout.buffer.flush(); sys.exit(0)
    if asked["how"] == "sleep":
        time.sleep(600)
    said = json.dumps([os.getpid(), sorted(os.environ)]).encode()
    sys.stdout.buffer.write(b"7 %d\\n%b" % (len(said), said)); sys.stdout.buffer.flush()
"""


@pytest.fixture
def warm():
    child = Warm([sys.executable, "-I", "-c", SCRIPT], PATIENCE_S)
    yield child
    child.close()


def pid_of(warm) -> int:
    status, said = warm.ask({"how": "well"})
    assert status == 7
    return json.loads(said)[0]


def test_one_child_answers_many_times(warm):
    assert len({pid_of(warm) for _ in range(5)}) == 1


@pytest.mark.parametrize("how", ["die", "half"])
def test_a_child_that_ends_without_its_answer_is_replaced(warm, how):
    first = pid_of(warm)

    with pytest.raises(ChildDied):
        warm.ask({"how": how})

    assert pid_of(warm) != first


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    child = Warm([sys.executable, "-I", "-c", SCRIPT], 0.3)
    began = time.monotonic()

    with pytest.raises(ChildDied):
        child.ask({"how": "sleep"})

    assert time.monotonic() - began < PATIENCE_S
    child.close()


def test_the_child_knows_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("MAILLAGE_SECRET_KEY", "secret")
    child = Warm([sys.executable, "-I", "-c", SCRIPT], PATIENCE_S, {"OURS": "1"})

    _, said = child.ask({"how": "well"})

    child.close()
    assert "MAILLAGE_SECRET_KEY" not in json.loads(said)[1]
    assert "OURS" in json.loads(said)[1]


def test_what_is_one_per_process_is_made_once():
    made = []
    one = OnePerProcess(lambda: made.append(1) or object(), lambda _: None)

    assert one() is one()
    assert made == [1]
