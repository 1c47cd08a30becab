import base64
import uuid
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.views.debug import ExceptionReporter
from hypothesis import given
from hypothesis import strategies as st

from people import checks, crypto
from people.services import create_person

AT = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)
ROW = uuid.UUID("11111111-2222-3333-4444-555555555555")
PLACE = {"table": "people_person", "column": "phone_sealed", "row": ROW}
OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def keys(settings):
    settings.PERSON_KEYS = [NEW, OLD]
    settings.BLIND_INDEX_KEY = "k" * 32


@given(st.text())
def test_what_was_sealed_opens_at_its_place(text):
    assert crypto.unseal(crypto.seal(text, **PLACE), **PLACE) == text


def test_two_seals_of_one_text_differ_and_neither_holds_it():
    one, two = crypto.seal("13800138000", **PLACE), crypto.seal("13800138000", **PLACE)

    assert one != two
    assert b"13800138000" not in one + two


def test_a_blob_is_version_key_id_nonce_and_ciphertext_with_tag():
    blob = crypto.seal("abc", **PLACE)

    assert blob[:5] == b"\x01\x03new"
    assert len(blob) == 5 + 12 + 3 + 16


@pytest.mark.parametrize(
    "elsewhere",
    [
        {**PLACE, "table": "petitions_petitiontext"},
        {**PLACE, "column": "name_sealed"},
        {**PLACE, "row": uuid.UUID("11111111-2222-3333-4444-555555555556")},
    ],
)
def test_a_blob_moved_to_another_table_column_or_row_does_not_open(elsewhere):
    blob = crypto.seal("13800138000", **PLACE)

    with pytest.raises(crypto.BrokenSeal, match="damaged, or moved"):
        crypto.unseal(blob, **elsewhere)


@pytest.mark.parametrize("position", [5, 16, 17, 20, -1])
def test_one_flipped_bit_is_noticed(position):
    blob = bytearray(crypto.seal("13800138000", **PLACE))
    blob[position] ^= 1

    with pytest.raises(crypto.BrokenSeal):
        crypto.unseal(bytes(blob), **PLACE)


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x02\x03new" + b"0" * 40, b"\x01\x03new" + b"0" * 27, b"13800138000"])
def test_what_is_no_blob_of_ours_is_refused(blob):
    with pytest.raises(crypto.BrokenSeal):
        crypto.unseal(blob, **PLACE)


def test_the_first_key_seals_and_every_listed_key_opens(settings):
    settings.PERSON_KEYS = [OLD]
    before_rotation = crypto.seal("常小红", **PLACE)

    settings.PERSON_KEYS = [NEW, OLD]

    assert crypto.key_id_of(before_rotation) == "old"
    assert crypto.key_id_of(crypto.seal("常小红", **PLACE)) == "new"
    assert crypto.unseal(before_rotation, **PLACE) == "常小红"


def test_a_key_that_is_no_longer_listed_is_named(settings):
    blob = crypto.seal("常小红", **PLACE)
    settings.PERSON_KEYS = [OLD]

    with pytest.raises(crypto.UnknownKey, match=r"people_person\.phone_sealed .* key 'new'"):
        crypto.unseal(blob, **PLACE)


def test_the_bytes_of_another_key_under_the_same_id_do_not_open(settings):
    blob = crypto.seal("常小红", **PLACE)
    settings.PERSON_KEYS = ["new:" + base64.b64encode(b"x" * 32).decode()]

    with pytest.raises(crypto.BrokenSeal):
        crypto.unseal(blob, **PLACE)


def test_an_error_report_shows_no_frame_that_holds_the_text(settings):
    settings.PERSON_KEYS = []

    with pytest.raises(ImproperlyConfigured) as failed:
        create_person(context="petitioner", name="常小红", phone="13800138000", email="a@b.cn", at=AT)

    report = ExceptionReporter(None, failed.type, failed.value, failed.tb)
    ours = [frame for frame in report.get_traceback_frames() if "/people/" in frame["filename"]]
    shown = repr([frame["vars"] for frame in ours if "tests" not in frame["filename"]])
    assert len(ours) > 3
    assert "常小红" not in shown
    assert "13800138000" not in shown


def test_a_broken_seal_carries_no_cause():
    with pytest.raises(crypto.BrokenSeal) as broken:
        crypto.unseal(crypto.seal("常小红", **PLACE), **{**PLACE, "column": "x"})

    assert broken.value.__cause__ is None
    assert broken.value.__suppress_context__


@pytest.mark.parametrize(
    ("listed", "complaint"),
    [
        ([], "at least one key"),
        (["nokey"], "person key 'nokey' must be the base64 of 32 bytes"),
        (["a b:" + "A" * 44], "Entry 1 of the person keys must read id:base64"),
        (["k1:not base64!"], "person key 'k1' must be the base64"),
        (["k1:" + base64.b64encode(b"short").decode()], "person key 'k1' must be the base64"),
        ([NEW, NEW], "list the key id 'new' twice"),
    ],
)
def test_malformed_keys_are_named_without_showing_them(settings, listed, complaint):
    settings.PERSON_KEYS = listed

    with pytest.raises(ImproperlyConfigured, match=complaint) as refused:
        crypto.keyring()

    assert "not base64!" not in str(refused.value)
    assert [error.id for error in checks.check_person_keys()] == ["people.E001"]


def test_good_keys_pass_the_check_and_a_short_blind_key_does_not(settings):
    assert checks.check_person_keys() == []

    settings.BLIND_INDEX_KEY = "short"

    assert [error.id for error in checks.check_person_keys()] == ["people.E002"]


def test_a_blind_index_is_equal_for_equal_texts_of_one_purpose_alone(settings):
    index = crypto.blind("13800138000", purpose="phone.petitioner")

    assert len(index) == 32
    assert index == crypto.blind("13800138000", purpose="phone.petitioner")
    assert index != crypto.blind("13800138001", purpose="phone.petitioner")
    assert index != crypto.blind("13800138000", purpose="phone.household")
    settings.BLIND_INDEX_KEY = "other" * 8
    assert index != crypto.blind("13800138000", purpose="phone.petitioner")


def test_a_purpose_cannot_be_made_to_run_into_the_text():
    with pytest.raises(ValueError, match="holds no"):
        crypto.blind("x", purpose="phone|13")
