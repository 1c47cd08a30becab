"""docs/mechanisms.csv is true to the line: every mechanism once, what works names its place and its test."""

import csv
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = list(csv.DictReader((ROOT / "docs" / "mechanisms.csv").read_text(encoding="utf-8").splitlines()))


def test_all_278_mechanisms_of_the_sources_stand_there_once():
    assert len(ROWS) == 278
    assert {number for number, times in Counter(row["id"] for row in ROWS).items() if times > 1} == set()


def test_every_state_is_one_of_five():
    assert {row["state"] for row in ROWS} <= {"works", "record", "shown", "outside", "open"}


@pytest.mark.parametrize("row", [row for row in ROWS if row["state"] == "works"], ids=lambda row: row["id"])
def test_what_works_names_its_place_and_its_test(row):
    assert (ROOT / row["where"]).is_file()
    path, _colons, name = row["test"].partition("::")
    assert (ROOT / path).is_file()
    assert path.startswith("tests/")
    if name:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_what_is_open_claims_nothing():
    assert [row["id"] for row in ROWS if row["state"] in {"open", "outside"} and (row["where"] or row["test"])] == []
