"""Whatever a file holds, the answer is a verdict with its reason, never a crash."""

import io
import pickle
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from factories import certified, tampering
from maillage.core.siting.archive import CERTIFICATE, INSTANCE
from maillage.core.siting.certificate import Question, certify
from maillage.core.siting.solution import Proof, Solution
from maillage.core.verification import verify


@pytest.fixture(scope="module")
def pair() -> tuple[bytes, bytes]:
    asked = certified.question("p_median", 4)
    made = certify(asked, certified.solved(asked))
    return made[CERTIFICATE], made[INSTANCE]


def reason(certificate: bytes, instance: bytes) -> str:
    found = verify(io.BytesIO(certificate), io.BytesIO(instance))
    assert found.status == "wrong"
    return found.reason


@given(place=st.integers(0, 10_000), value=st.integers(0, 255), which=st.integers(0, 1))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_byte_altered_is_found_or_changes_nothing(pair, place, value, which):
    altered = list(pair)
    data = bytearray(pair[which])
    data[place % len(data)] = value
    altered[which] = bytes(data)

    found = verify(*(io.BytesIO(part) for part in altered))

    # dates and flags of a zip hold nothing: the content is then the same
    assert found.status in ("wrong", "proved")
    if found.status == "proved":
        assert tampering.members(altered[which]) == tampering.members(pair[which])


@given(data=st.binary(max_size=200))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_any_bytes_are_answered(pair, data):
    assert reason(data, pair[1]) == "unreadable"
    assert reason(pair[0], data) == "unreadable"


@pytest.mark.parametrize("cut", [10, 200, 900])
def test_a_file_cut_short_is_unreadable(pair, cut):
    assert reason(pair[0][:-cut], pair[1]) == "unreadable"


def test_a_content_altered_without_its_seal_is_found(pair):
    content = tampering.members(pair[0])
    seal = tampering.digest(content)
    content["header.json"] = content["header.json"].replace(b'"proved"', b'"proved" ')

    assert reason(tampering.sealed(content, seal=seal), pair[1]) == "seal"


def test_the_instance_of_another_question_is_refused(pair):
    other = certified.question("p_median", 5)

    assert reason(pair[0], certify(other, certified.solved(other))[INSTANCE]) == "digest"


def test_the_two_files_exchanged_are_told_apart(pair):
    assert reason(pair[1], pair[0]) == "other_format"


def test_a_bomb_is_refused_before_it_is_read(pair):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", b" " * 2**21)
    assert reason(stream.getvalue(), pair[1]) == "too_large"

    # sizes declared in the directory of the zip: 3 GiB in an array of a few bytes
    data = bytearray(tampering.sealed(tampering.members(pair[0])))
    entry = data.find(b"PK\x01\x02", 0)
    while data[entry + 46 : entry + 46 + 8] != b"tree.npy":
        entry = data.find(b"PK\x01\x02", entry + 4)
    data[entry + 24 : entry + 28] = (3 * 2**30).to_bytes(4, "little")
    assert reason(bytes(data), pair[1]) == "too_large"


class Trap:
    """Something that would run when unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


def npy(values, **how) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, values, **how)
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(Trap()),
        npy(np.array([Trap()], dtype=object), version=(1, 0)),
        npy(np.zeros(3), version=(2, 0)),
        npy(np.array(["texte"])),
        npy(np.zeros(3, dtype=">f8")),
        npy(np.zeros((3, 2), order="F")),
        npy(np.zeros(3))[:-8],
        npy(np.zeros(3)) + b"more",
        npy(np.zeros(3)).replace(b"(3,), ", b"(-3,),"),
        npy(np.zeros(3)).replace(b"'<f8'", b"'V24'"),
        b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 9000,
        b"",
    ],
)
def test_an_array_that_is_no_array_of_numbers_is_refused(pair, data):
    altered = tampering.sealed(tampering.members(pair[0]) | {"tree.npy": data})

    assert reason(altered, pair[1]) == "array_unreadable"


def test_a_flag_that_is_neither_true_nor_false_is_refused(pair):
    flags = npy(np.zeros(5, np.bool_)).removesuffix(b"\0") + b"\2"
    instance = tampering.sealed(tampering.members(pair[1]) | {"fixed.npy": flags})

    assert reason(pair[0], instance) == "array_unreadable"


@pytest.mark.parametrize(
    "text", [b"[]", b"{", b"[" * 100_000, b"\xff", b'{"format": "maillage-certificate"}', b"null"]
)
def test_a_header_that_is_no_header_is_refused(pair, text):
    altered = tampering.sealed(tampering.members(pair[0]) | {"header.json": text})

    assert reason(altered, pair[1]) in ("unreadable", "header", "other_version")


@pytest.mark.parametrize("name", ["sites", "origins", "p"])
@pytest.mark.parametrize("value", [-1, 0, 10**30, 1.5, True, "5", None])
def test_a_count_that_is_no_count_is_refused(pair, name, value):
    instance = tampering.with_header(pair[1], **{name: value})

    assert reason(tampering.for_instance(pair[0], instance), instance) == "header"


@pytest.mark.parametrize("value", [np.nan, -1.0, -np.inf, 1e300])
def test_an_impossible_cost_is_refused(pair, value):
    matrix = tampering.array(pair[1], "matrix").copy()
    matrix[0, 0] = value
    instance = tampering.with_array(pair[1], "matrix", matrix)

    assert reason(tampering.for_instance(pair[0], instance), instance) == "array_number"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("row_start", np.array([0, 5, 4, 15, 20, 25, 30, 35])),
        ("row_start", np.array([0, 5, 10, 15, 20, 25, 30, 99])),
        ("row_start", np.array([0, -5, 10, 15, 20, 25, 30, 35])),
        ("column", np.full(35, 4, np.int32)),
        ("column", np.full(35, 5, np.int32)),
        ("column", np.full(35, -1, np.int32)),
    ],
)
def test_arcs_that_no_table_has_are_refused(name, values):
    asked = certified.question("p_median", 4)
    listed = replace(asked, cost=sparse.csr_array(asked.cost))
    made = certify(listed, certified.solved(asked))
    instance = tampering.with_array(made[INSTANCE], name, values)

    certificate = tampering.for_instance(made[CERTIFICATE], instance)
    assert reason(certificate, instance) == "array_number"


def test_a_tree_as_deep_as_there_are_sites_needs_no_recursion():
    sites = 3000
    asked = Question("p_median", np.ones((2, sites)), p=1)
    tree = np.concatenate(
        [np.stack([np.arange(sites - 1), np.full(sites - 1, -1)], 1).ravel(), [-1]]
    )
    proof = Proof("multipliers", np.ones((1, 2)), tree.astype(np.int32))
    solution = Solution(np.array([0]), np.zeros(2, np.int64), 2.0, 2.0, 0.0, "proved",
                                  {}, proof=proof)  # fmt: skip
    made = certify(asked, solution)

    assert verify(*(io.BytesIO(made[k]) for k in (CERTIFICATE, INSTANCE))).status == "proved"
