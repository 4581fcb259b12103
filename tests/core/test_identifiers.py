"""Numbers as people type them: what is accepted, and what each wrong one is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from maillage.core import identifiers
from maillage.core.bad_input import BadInput

IBAN = "FR7699999000010000000000115"
OF = {
    "iban": (identifiers.iban, IBAN),
    "bic": (identifiers.bic, "AGRIFRPP"),
    "siren": (identifiers.siren, "732829320"),
    "siret": (identifiers.siret, "73282932000074"),
    "vat": (identifiers.vat_number, "FR44732829320"),
    "ics": (identifiers.creditor_id, "FR72ZZZ123456"),
}

SAID = {
    "iban": {"iban_country", "iban_form"},
    "bic": {"iban_country", "bic_form"},
    "siren": set(),
    "siret": set(),
    "vat": {"vat_not_french"},
    "ics": {"creditor_form"},
}
for codes in SAID.values():
    codes |= {f"identifier_{fault}" for fault in ("empty", "characters", "length", "key")}


def refused(read, text):
    with pytest.raises(BadInput) as caught:
        read(text)
    return caught.value.code, caught.value.facts


@pytest.mark.parametrize(("read", "number"), OF.values(), ids=OF)
def test_a_number_typed_with_spaces_and_small_letters_is_the_number(read, number):
    spaced = "\u00a0".join(number[n : n + 4] for n in range(0, len(number), 4))

    assert read(f"  {spaced.lower()}\t") == number


@pytest.mark.parametrize(("read", "number"), OF.values(), ids=OF)
@pytest.mark.parametrize("nothing", ["", "  ", "\u00a0-."])
def test_nothing_typed_is_said_empty(read, number, nothing):
    assert refused(read, nothing)[0] == "identifier_empty"


@pytest.mark.parametrize(("read", "number"), OF.values(), ids=OF)
@pytest.mark.parametrize("odd", ["é", "\u0663", "<", "\0", "😀"])
def test_a_letter_of_another_alphabet_is_told_as_such(read, number, odd):
    assert refused(read, number[:-1] + odd)[0] == "identifier_characters"


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("iban", IBAN[:-1], ("identifier_length", {"kind": "iban", "found": 26, "wanted": 27})),
        ("iban", IBAN + "1", ("identifier_length", {"kind": "iban", "found": 28, "wanted": 27})),
        ("iban", IBAN[:-1] + "6", ("identifier_key", {"kind": "iban"})),
        ("iban", "ZZ" + IBAN[2:], ("iban_country", {"country": "ZZ"})),
        ("iban", "FR76ABCDE00001000000000011", ("identifier_length", None)),
        ("iban", "FR76ABCDE000010000000000115", ("iban_form", {"country": "FR"})),
        ("bic", "AGRIFRP", ("bic_form", {"found": 7})),
        ("bic", "AGRIXXPP", ("iban_country", {"country": "XX"})),
        ("bic", "1GRIFRPP", ("identifier_characters", {"kind": "bic"})),
        ("siren", "73282932", ("identifier_length", None)),
        ("siren", "732829321", ("identifier_key", {"kind": "siren"})),
        ("siren", "73282932A", ("identifier_characters", {"kind": "siren"})),
        ("siret", "73282932000075", ("identifier_key", {"kind": "siret"})),
        ("siret", "7328293200007", ("identifier_length", None)),
        ("vat", "44732829320", ("vat_not_french", {})),
        ("vat", "DE123456789", ("vat_not_french", {})),
        ("vat", "FR45732829320", ("identifier_key", {"kind": "vat"})),
        ("vat", "FR4473282932", ("identifier_length", None)),
        ("vat", "FRIO732829320", ("identifier_characters", {"kind": "vat"})),
        ("ics", "FR73ZZZ123456", ("identifier_key", {"kind": "ics"})),
        ("ics", "FR72ZZZ12345", ("identifier_length", None)),
        ("ics", "7272ZZZ123456", ("creditor_form", {})),
    ],
)
def test_each_fault_is_told_as_what_it_is(kind, number, expected):
    code, facts = refused(OF[kind][0], number)

    assert code == expected[0]
    assert expected[1] is None or facts == expected[1]


def test_the_french_bank_key_is_checked_beside_that_of_the_iban():
    # the same account with the keys of an IBAN right, those of the bank wrong
    wrong_inside = "9999900001000000000011600"[:21] + "16"
    key = 98 - int(f"{wrong_inside}152700") % 97

    assert refused(identifiers.iban, f"FR{key:02d}{wrong_inside}") == (
        "identifier_key",
        {"kind": "iban"},
    )


def test_the_offices_of_the_post_have_a_key_of_their_own():
    assert identifiers.siret("356 000 000 49837") == "35600000049837"


def test_the_activity_code_of_a_creditor_takes_no_part_in_its_key():
    assert identifiers.creditor_id("FR72 ABC 123456") == "FR72ABC123456"


def test_a_vat_key_may_hold_letters_and_that_of_monaco_has_no_siren():
    assert identifiers.vat_number("FR 53 0000 04605") == "FR53000004605"
    assert identifiers.vat_number("FR K7 399 859 412") == "FRK7399859412"


@pytest.mark.parametrize(("number", "is_sepa"), [(IBAN, True), ("SA0380000000608010167519", False)])
def test_an_account_is_known_to_be_of_the_sepa_zone(number, is_sepa):
    assert identifiers.is_sepa(identifiers.iban(number)) is is_sepa


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_refused_and_never_a_crash(text):
    for kind, (read, _) in OF.items():
        try:
            number = read(text)
        except BadInput as refusal:
            code = refusal.code
        else:
            code = "" if number.isascii() and number.isalnum() else number
        assert code in {"", *SAID[kind]}


@pytest.mark.parametrize(("read", "number"), OF.values(), ids=OF)
def test_no_refusal_repeats_the_number(read, number):
    for wrong in (number[:-1], number + "AAAA", number + "é", f"Z{number}"):
        _, facts = refused(read, wrong)
        said = [str(fact) for name, fact in facts.items() if name != "kind"]
        assert [fact for fact in said if len(fact) > 2] == []


@given(st.integers(0, 99_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_in_a_siren_never_passes(begin, place, shift):
    right = f"{begin:08d}"
    right += luhn.calc_check_digit(right)
    digit = str((int(right[place]) + shift) % 10)

    assert identifiers.siren(right) == right
    assert refused(identifiers.siren, right[:place] + digit + right[place + 1 :]) == (
        "identifier_key",
        {"kind": "siren"},
    )
