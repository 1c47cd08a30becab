"""Legal stations (003a-19): registers that come in and go out as files, and their figures."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tablib import Dataset

from grids.errors import ImportRefused
from petitions.models import AidReferral, Consultation, LegalStation
from petitions.resources import AidReferralResource, ConsultationResource, LegalStationResource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = date(2026, 5, 4)


@pytest.fixture
def station(district) -> LegalStation:
    return LegalStation.objects.create(
        code="FL-1", name="龙集里工作站", area=district.community, all_day=True, valid_from=date(2026, 1, 1)
    )


def sheet(*rows: tuple[object, ...]) -> Dataset:
    return Dataset(*rows[1:], headers=rows[0])


def test_stations_and_their_counts_come_in_from_files_and_again_without_change(district):
    stations = sheet(
        ("code", "name", "area_code", "address", "office_phone", "all_day", "valid_from", "valid_to"),
        ("FL-1", "龙集里工作站", district.community.code, "", "0935-8210000", "1", "2026-01-01", ""),
    )
    asked = sheet(
        ("station_code", "held_on", "kind", "count"),
        ("FL-1", "2026-05-04", "labour", 7),
        ("FL-1", "2026/5/5", "debt", 2),
    )
    sent = sheet(("station_code", "referred_on", "kind", "count", "granted"), ("FL-1", "2026-05-04", "labour", 3, 2))
    staff = district.as_staff(district.secretary)

    for _again in range(2):
        LegalStationResource(staff=staff).import_rows(stations)
        ConsultationResource(staff=staff).import_rows(asked)
        AidReferralResource(staff=staff).import_rows(sent)

    assert LegalStation.objects.get().all_day is True
    rows = Consultation.objects.order_by("held_on").values_list("held_on", "kind", "count")
    assert list(rows) == [(DAY, "labour", 7), (date(2026, 5, 5), "debt", 2)]
    assert AidReferral.objects.values_list("count", "granted").get() == (3, 2)


def test_a_file_for_somebody_elses_station_is_refused_whole(district, station):
    asked = sheet(("station_code", "held_on", "kind", "count"), ("FL-1", "2026-05-04", "labour", 7))

    with pytest.raises(ImportRefused):
        ConsultationResource(staff=district.as_staff(district.other_secretary)).import_rows(asked)
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        ("X", "2026-05-04", "debt", 1),
        ("FL-1", "x", "debt", 1),
        ("FL-1", "2026-05-04", "x", 1),
        ("FL-1", "2026-05-04", "debt", -1),
    ],
)
def test_a_wrong_row_keeps_the_file_out(district, station, row):
    good = ("FL-1", "2026-05-03", "debt", 1)

    with pytest.raises(ImportRefused):
        ConsultationResource().import_rows(sheet(("station_code", "held_on", "kind", "count"), good, row))
    assert not Consultation.objects.exists()


def test_more_cannot_be_taken_on_than_were_sent(station):
    with pytest.raises(IntegrityError), transaction.atomic():
        AidReferral.objects.create(station=station, referred_on=DAY, kind="debt", count=1, granted=2)


def test_the_figures_of_a_year_by_station_and_kind(client, district, station):
    strange = LegalStation.objects.create(code="FL-2", name="x", area=district.other_community, valid_from=DAY)
    for where, day, kind, count in (
        (station, DAY, "labour", 7), (station, DAY, "debt", 2), (station, date(2025, 5, 4), "debt", 100),
        (strange, DAY, "debt", 50),
    ):  # fmt: skip
        Consultation.objects.create(station=where, held_on=day, kind=kind, count=count)
    AidReferral.objects.create(station=station, referred_on=DAY, kind="labour", count=3, granted=2)
    client.force_login(district.secretary)

    figures = client.get("/legal/?year=2026").context["figures"]

    total = figures.total
    assert (figures.stations, total.consultations, total.referred, total.granted) == (1, 9, 3, 2)
    assert [(row.label, row.consultations) for row in figures.by_station] == [("FL-1 龙集里工作站", 9)]
    assert {row.label: row.consultations for row in figures.by_kind if row.consultations} == {
        "Work and wages": 7, "Contracts and debts": 2,
    }  # fmt: skip
    client.force_login(district.dispatcher)
    assert client.get("/legal/?year=2026").context["figures"].total.consultations == 59


@pytest.mark.parametrize("year", ["x", "0000", "99999", "²026", ""])
def test_a_year_that_is_none_is_this_one(client, district, year):
    client.force_login(district.secretary)

    assert client.get("/legal/", {"year": year}).status_code == 200


def test_the_figures_cost_the_same_however_many_stations(client, district, django_assert_max_num_queries):
    for number in range(5):
        LegalStation.objects.create(code=f"FL-{number}", name="x", area=district.community, valid_from=DAY)
    client.force_login(district.secretary)

    with django_assert_max_num_queries(8):
        assert client.get("/legal/").context["figures"].stations == 5


def test_a_register_exports_what_its_keeper_sees(client, district, station):
    client.force_login(district.secretary)
    page = client.get("/admin/petitions/consultation/")
    assert page.status_code == 200
    assert client.get("/admin/petitions/legalstation/import/").status_code == 200
    client.force_login(district.worker)
    assert client.get("/admin/petitions/legalstation/import/").status_code == 403
