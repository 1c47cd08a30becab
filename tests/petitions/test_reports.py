"""Reports: asked for or planned, written once with their letters in them, read within scope, heard by a meeting."""

import io
from datetime import date, datetime, timedelta

import pypdfium2
import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from people.errors import BadInput
from petitions import report_content, report_pdf, reports, rollups, tasks
from petitions.enums import Status
from petitions.errors import NotNow, NotYours
from petitions.models import Report, ReportFile, ReportHearing
from petitions.rates import Rate
from petitions.report_enums import HeardBy, ReportKind, ReportState
from tests.factories import SHANGHAI, TUESDAY

pytestmark = pytest.mark.django_db

FIFTH = datetime(2026, 7, 5, 2, 0, tzinfo=SHANGHAI)


def ask(district, *, area=None, period="2026-06", by=None):
    return reports.ask(
        area=area or district.community,
        period=period,
        language="zh-hans",
        by=district.as_staff(by or district.secretary),
        at=FIFTH,
    )


def words_of(data):
    document = pypdfium2.PdfDocument(data)
    return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "\n")


# -- asking ----------------------------------------------------------------------------------------------------------


def test_a_report_is_of_a_time_that_is_over_and_of_ones_own_area(district):
    with pytest.raises(NotNow):
        ask(district, period="2026-07")
    with pytest.raises(BadInput):
        ask(district, period="2026")
    for area, by in (
        (
            district.other_community,
            district.secretary,
        ),
        (district.street, district.secretary),
        (district.grid, district.secretary),
        (district.community, district.worker),
    ):
        with pytest.raises(NotYours):
            ask(district, area=area, by=by)

    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("code", "kind"), [("2026-06", "monthly"), ("2026-Q2", "quarterly"), ("2026-H1", "half_yearly")]
)
def test_asked_twice_it_is_one_report(district, code, kind):
    first, second = ask(district, period=code), ask(district, period=code)

    assert (first.pk, first.kind, first.ends_on) == (second.pk, kind, date(2026, 6, 30))
    assert Report.objects.count() == 1


# -- writing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def written(district):
    for _each in range(3):
        district.petition(status=Status.CLOSED)
    district.petition(TUESDAY - timedelta(days=30), status=Status.CLOSED)
    report = ask(district)
    assert reports.write(report_id=report.pk, at=FIFTH) is True
    report.refresh_from_db()
    return report


def test_its_pdf_can_be_read_in_chinese_and_carries_its_letters(district, written):
    file = written.files.get(form="pdf")

    said = words_of(bytes(file.data))
    assert district.community.label in said
    assert "3/3" in said
    assert district.grid.label in said
    # embedded and cut down to what is used: no reader needs the font, and no report is megabytes
    assert b"/FontFile3" in bytes(file.data)
    assert file.size == len(bytes(file.data)) < 300_000
    assert (written.state, written.done, written.steps) == (ReportState.READY, 7, 7)


def test_its_workbook_has_numbers_as_numbers(district, written):
    book = load_workbook(io.BytesIO(bytes(written.files.get(form="xlsx").data)))

    first = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    received = next(row for row in first if row[1:] and row[1] == 3)
    # this time, (rates: counted, out of), the time before, the change
    assert received[1] == 3
    assert 1 in received
    assert 2 in received
    assert len(book.worksheets) >= 8
    hours = next(sheet for sheet in book.worksheets if sheet.max_row == 25 and sheet.max_column == 8)
    assert [cell.value for cell in hours[12]] == ["10:00", 0, 3, 0, 0, 0, 0, 0]


def test_its_numbers_are_those_of_the_figures(district, written):
    span = reports.Period(date(2026, 6, 1), date(2026, 6, 30), "2026-06")
    content = report_content.gather(district.community, ReportKind.MONTHLY, span, at=FIFTH)

    rows = {row[0]: row[1:] for row in content.key.rows}
    counts = [cells[:2] for cells in rows.values()]
    assert counts[0] == (3, 1)
    assert Rate(3, 3) in {cells[0] for cells in rows.values() if isinstance(cells[0], Rate)}
    assert [report_pdf.words_of(cell) for cell in (None, Rate(0, 0), report_content.Change(2), 7)] == [
        "–",
        "–",
        "+2",
        "7",
    ]


def test_no_person_stands_in_it(district):
    for person in (district.worker, district.secretary, district.handler):
        person.display_name = f"章小满{person.pk}"
        person.save(update_fields=["display_name"])
    district.petition(status=Status.CLOSED)
    district.petition(status=Status.CLOSED, organisation=True)
    report = ask(district)
    reports.write(report_id=report.pk, at=FIFTH)

    book = load_workbook(io.BytesIO(bytes(report.files.get(form="xlsx").data)))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)

    for said in (words_of(bytes(report.files.get(form="pdf").data)), cells):
        assert district.sanitation.name in said
        assert "章小满" not in said


def test_it_is_written_once_and_a_dead_writer_is_replaced(district):
    report = ask(district)
    Report.objects.filter(pk=report.pk).update(state=ReportState.WORKING, begun_at=FIFTH)

    assert reports.write(report_id=report.pk, at=FIFTH + timedelta(minutes=19)) is False
    assert reports.write(report_id=report.pk, at=FIFTH + timedelta(minutes=20)) is True
    assert reports.write(report_id=report.pk, at=FIFTH + timedelta(hours=1)) is False
    assert ReportFile.objects.filter(report=report).count() == 2


def test_one_that_fails_says_so_and_may_be_tried_again(district, monkeypatch):
    report = ask(district)
    with monkeypatch.context() as broken:
        broken.setattr(report_pdf, "write", lambda _content: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.write_report(report_id=report.pk)
    report.refresh_from_db()
    assert (report.state, report.files.count()) == (ReportState.FAILED, 0)

    assert ask(district).state == ReportState.WAITING


def test_a_lost_task_is_enqueued_again(district, monkeypatch):
    sent = []
    monkeypatch.setattr("petitions.reports.queue.on_commit", lambda name, **given: sent.append((name, given)))
    report = ask(district)
    assert reports.enqueue_waiting(at=FIFTH + timedelta(minutes=4)) == 0
    assert reports.enqueue_waiting(at=FIFTH + timedelta(minutes=5)) == 1

    assert sent == [("petitions.write_report", {"report_id": report.pk})] * 2


# -- by the calendar (004-17) ----------------------------------------------------------------------------------------


@override_settings(FIGURES_PUBLISHED_ON_DAY=5)
def test_the_calendar_plans_each_month_each_quarter_and_each_half_year_once(district):
    """004-17: monthly to the joint committee, quarterly to the subdistrict, half-yearly to the leaders."""
    assert reports.plan_due(at=FIFTH - timedelta(days=1)) == 0
    planned = reports.plan_due(at=FIFTH)
    assert reports.plan_due(at=FIFTH + timedelta(hours=1)) == 0

    found = {
        (report.area.level, report.period, report.hearing.heard_by, report.hearing.due_on)
        for report in Report.objects.select_related("area", "hearing")
    }
    assert found == {
        (5, "2026-06", HeardBy.JOINT_COMMITTEE, date(2026, 7, 15)),
        (4, "2026-Q2", HeardBy.STREET, date(2026, 7, 30)),
        (4, "2026-H1", HeardBy.LEADERS, date(2026, 8, 14)),
    }
    assert planned == Report.objects.count() == ReportHearing.objects.count()
    reports.plan_due(at=datetime(2026, 8, 5, 2, 0, tzinfo=SHANGHAI))
    assert set(
        Report.objects.exclude(period__in=("2026-06", "2026-Q2", "2026-H1")).values_list("period", flat=True)
    ) == {"2026-07"}


@override_settings(FIGURES_PUBLISHED_ON_DAY=5)
def test_the_minutes_are_kept_by_whoever_keeps_them_of_a_report_that_is_written(district):
    reports.plan_due(at=FIFTH)
    report = Report.objects.get(area=district.community, period="2026-06")
    secretary, held = district.as_staff(district.secretary), date(2026, 7, 8)
    later = FIFTH + timedelta(days=5)
    with pytest.raises(NotNow):
        reports.record(report, held_on=held, conclusions="同意。", by=secretary, at=later)
    reports.write(report_id=report.pk, at=FIFTH)
    report.refresh_from_db()

    with pytest.raises(NotYours):
        reports.record(report, held_on=held, conclusions="同意。", by=district.as_staff(district.worker), at=later)
    for wrong in (date(2026, 6, 30), date(2026, 7, 11)):
        with pytest.raises(BadInput):
            reports.record(report, held_on=wrong, conclusions="同意。", by=secretary, at=later)
    hearing = reports.record(
        report, held_on=held, conclusions="请物业加密清运，电话13912345678。", by=secretary, at=later
    )

    assert (hearing.held_on, hearing.recorded_by, hearing.recorded_at) == (held, district.secretary, later)
    assert "13912345678" not in hearing.conclusions


# -- the pages -------------------------------------------------------------------------------------------------------


def test_somebody_has_a_report_written_sees_how_far_it_is_and_takes_it_away(
    client, district, django_capture_on_commit_callbacks
):
    client.force_login(district.secretary)
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")

    answer = client.post(reverse("admin:reports"), {"area": district.community.code, "period": month})
    report = Report.objects.get()
    page = reverse("admin:report", args=[report.pk])
    assert (answer.status_code, answer.url) == (302, page)
    assert "<progress" in client.get(page).content.decode()
    tasks.write_report(report_id=report.pk)

    part = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-get" not in part
    for form, kind in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        file = client.get(reverse(f"admin:report_{form}", args=[report.pk]))
        assert file.content.startswith(kind)
        assert file["Content-Disposition"].endswith(f'{month}.{form}"')
    assert client.get(f"{page}doc/").status_code == 404


def test_wrong_input_is_said_and_nothing_is_made(client, district):
    client.force_login(district.secretary)
    for given in (
        {"area": district.street.code, "period": "2026-06"},
        {"area": district.community.code, "period": "x"},
        {},
    ):
        assert client.post(reverse("admin:reports"), given).status_code == 422
    assert not Report.objects.exists()


def test_the_report_of_another_area_does_not_exist_for_me(client, district):
    report = ask(district, area=district.street, by=district.dispatcher)
    reports.write(report_id=report.pk, at=FIFTH)
    client.force_login(district.secretary)

    for name in ("report", "report_pdf", "report_xlsx"):
        assert client.get(reverse(f"admin:{name}", args=[report.pk])).status_code == 404
    assert client.get(reverse("admin:reports")).context["reports"] == []


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_however_long_it_is(client, district, django_assert_max_num_queries, count):
    for month in range(1, count + 1):
        ask(district, period=f"2026-0{month}")
    rollups.count_new(at=FIFTH)
    client.force_login(district.secretary)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("admin:reports"))

    assert len(page.context["reports"]) == count
