"""One legal adviser a community, health officers and others: days, next day, coverage (003a-18)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from tablib import Dataset

from deadlines.timetable import timetable
from fieldwork import advisers
from fieldwork.coverage import Share
from fieldwork.models import Adviser
from fieldwork.resources import AdviserResource
from people import expiry
from petitions.models import LegalStation
from tests.factories import SINCE, TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = date(2026, 6, 9)


def adviser(district, code: str = "L-1", kind: str = "legal", area=None, **facts) -> Adviser:
    given = {
        "area": area or district.community, "name": "王律", "office": "某某律师事务所", "weekday": 2,
        "opens": "14:00", "closes": "17:00", "valid_from": SINCE,
    } | facts  # fmt: skip
    return Adviser.objects.create(code=code, kind=kind, **given)


@pytest.mark.parametrize(
    ("week", "weekday", "on", "expected"),
    [
        (0, 2, date(2026, 6, 9), date(2026, 6, 10)),
        (0, 1, date(2026, 6, 9), date(2026, 6, 9)),
        (1, 2, date(2026, 6, 4), date(2026, 7, 1)),  # the first Wednesday of June was the 3rd
        (4, 2, date(2026, 6, 9), date(2026, 6, 24)),
        (1, 3, date(2026, 9, 30), date(2026, 11, 5)),  # 1 October is a holiday
    ],
)
def test_the_next_day_is_one_of_his_and_no_holiday(district, week, weekday, on, expected):
    one = adviser(district, week=week, weekday=weekday)

    assert advisers.next_day(one, on, timetable().calendar) == expected
    one.valid_to = on - timedelta(days=1)
    assert advisers.next_day(one, on, timetable().calendar) is None


def test_a_community_has_one_legal_adviser_at_a_time(district):
    """Mechanism 003a-18."""
    adviser(district, valid_to=date(2026, 6, 30))
    adviser(district, "H-1", "health")
    adviser(district, "H-2", "health")
    with pytest.raises(IntegrityError, match="adviser_one_lawyer_a_community"), transaction.atomic():
        adviser(district, "L-2", valid_from=date(2026, 6, 30))
    adviser(district, "L-2", valid_from=date(2026, 7, 1))
    with pytest.raises(ValidationError, match="Choose a community"):
        Adviser(code="L-3", kind="legal", area=district.grid).full_clean()

    found = advisers.covered(district.street, within=(district.street.path,), on=TODAY)

    assert [(row.kind, row.share, row.without) for row in found[:2]] == [
        ("legal", Share(2, 1), (district.other_community,)),
        ("health", Share(2, 1), (district.other_community,)),
    ]


def test_everybody_reads_who_comes_when(client, district, django_assert_max_num_queries):
    adviser(district, place="社区二楼", office_phone="0935-8210005")
    adviser(district, "H-1", "health", name="李医", weekday=4, week=2)
    adviser(district, "L-9", area=district.other_community, name="赵律")
    LegalStation.objects.create(code="G-1", name="公共法律服务工作站", area=district.street, valid_from=SINCE)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("advisers"), {"area": district.grid.code})

    text = page.content.decode()
    assert [one.adviser.code for one in page.context["visits"]] == ["L-1", "H-1"]
    assert page.context["visits"][0].days == "every Wednesday 14:00–17:00"
    assert ("王律" in text, "0935-8210005" in text, "公共法律服务工作站" in text, "赵律" in text) == (
        True,
        True,
        True,
        False,
    )
    assert client.get(reverse("advisers")).context["visits"] == []


def test_the_coverage_page_reaches_as_far_as_the_post(client, district, django_assert_max_num_queries):
    adviser(district)
    client.force_login(district.leader)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("adviser_coverage"))

    assert page.context["rows"][0].share == Share(2, 1)
    client.force_login(district.other_secretary)
    assert client.get(reverse("adviser_coverage")).context["rows"][0].share == Share(1, 0)
    client.force_login(district.handler)
    assert client.get(reverse("adviser_coverage")).status_code == 403


def test_the_name_goes_a_year_after_the_last_day_and_files_come_in_scope(district):
    rows = Dataset(
        ("L-1", "legal", district.community.code, "王律", "某某律师事务所", "", "", 0, 2, "14:00", "17:00",
         "2024-01-01", "2025-06-01"),
        headers=["code", "kind", "area_code", "name", "office", "office_phone", "place", "week", "weekday", "opens",
                 "closes", "valid_from", "valid_to"],
    )  # fmt: skip

    with pytest.raises(Exception, match="outside the areas you keep"):
        AdviserResource(staff=district.as_staff(district.other_secretary)).import_rows(rows)
    AdviserResource(staff=district.as_staff(district.secretary)).import_rows(rows)
    assert Adviser.objects.get().name == "王律"
    expiry.run(at=TUESDAY, only=("fieldwork.advisers",))

    one = Adviser.objects.get()
    assert (one.name, one.office) == ("", "某某律师事务所")
