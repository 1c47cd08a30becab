"""Registers too large for a page: asked for, made by a task with a progress, fetched by who asked, then gone."""

import csv
import io
import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from openpyxl import load_workbook

from notifications import downloads, queue
from notifications.models import Download, Notice
from people.errors import BadInput, NotAllowedNow
from people.models import ExportLog
from petitions import exporting
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = date(2026, 6, 9)
GIVEN = {"since": "2026-06-09", "until": "2026-06-09", "form": "csv"}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 2)


@pytest.fixture
def sent(monkeypatch):
    told = []
    monkeypatch.setattr(queue, "_send", lambda name, kwargs: told.append((name, kwargs)))
    return told


def three(district):
    return [district.petition().number for _turn in range(3)]


def asked(district, who="secretary", **changes):
    wanted = exporting.Wanted(**{"since": DAY, "until": DAY, "form": "csv", **changes})
    return exporting.ask(wanted, by=district.as_staff(getattr(district, who)), at=TUESDAY)


def make(download, *, at=TUESDAY):
    made = downloads.make(download_id=str(download.pk), now=lambda: at)
    download.refresh_from_db()
    return made


def test_two_are_answered_at_once_and_three_are_made_beside_the_page(
    client, district, sent, django_capture_on_commit_callbacks
):
    three(district)
    client.force_login(district.secretary)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/exports/petitions/", GIVEN)

    assert (answer.status_code, answer["Location"]) == (302, "/downloads/")
    download = Download.objects.get()
    assert (download.owner, download.state, download.maker) == (district.secretary, "waiting", "petitions.petition")
    assert sent == [("notifications.make_download", {"download_id": str(download.pk)})]
    assert not ExportLog.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_has_every_row_is_masked_logged_and_fetched_by_its_owner(client, district, form):
    numbers = three(district)
    download = asked(district, form=form)

    assert make(download)

    assert (download.state, download.done, download.total, download.percent()) == ("ready", 3, 3, 100)
    client.force_login(district.secretary)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: TUESDAY + timedelta(hours=23))
        answer = client.get(f"/downloads/{download.pk}/")
    if form == "csv":
        found = [row[0] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))][1:-1]
        assert "138****8000" in answer.content.decode()
    else:
        found = [cell.value for cell in load_workbook(io.BytesIO(answer.content)).worksheets[0]["A"]][1:]
    assert sorted(found) == sorted(numbers)
    log = ExportLog.objects.get()
    assert (log.rows, log.masked, log.by) == (3, True, district.secretary)
    assert log.mark in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    notice = Notice.objects.get(kind="download_ready")
    assert (notice.recipient, notice.url_path) == (district.secretary, "/downloads/")


def test_nobody_else_sees_fetches_or_deletes_it(client, district):
    three(district)
    download = asked(district)
    make(download)

    client.force_login(district.leader)
    assert str(download.pk) not in client.get("/downloads/").content.decode()
    assert client.get(f"/downloads/{download.pk}/").status_code == 404
    assert client.post(f"/downloads/{download.pk}/drop/").status_code == 404
    client.logout()
    assert client.get(f"/downloads/{download.pk}/").status_code == 302

    assert Download.objects.count() == 1


def test_the_file_lies_sealed_in_the_database(district):
    numbers = three(district)
    download = asked(district)
    make(download)

    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(file_sealed, 'escape') FROM notifications_download")
        assert numbers[0] not in cursor.fetchone()[0]


@pytest.mark.parametrize(("clear", "minutes"), [(False, 24 * 60), (True, 60)])
def test_the_link_ends_after_a_day_and_after_an_hour_in_clear(district, clear, minutes):
    three(district)
    download = asked(district, "leader", clear=clear, reason="年度核对" if clear else "")
    make(download)
    ends = TUESDAY + timedelta(minutes=minutes)

    assert downloads.fetch(download, by=district.leader, at=ends - timedelta(seconds=1))
    with pytest.raises(NotAllowedNow, match="not there any more"):
        downloads.fetch(download, by=district.leader, at=ends)
    assert downloads.make_owed(now=lambda: ends) == 0

    assert not Download.objects.exists()
    assert ExportLog.objects.get().masked is not clear


def test_in_clear_needs_right_and_reason_before_anything_is_made(district):
    three(district)

    with pytest.raises(BadInput, match="masked data only"):
        asked(district, clear=True, reason="年度核对")
    with pytest.raises(BadInput) as refused:
        asked(district, "leader", clear=True, reason="")

    assert refused.value.field == "reason"
    assert not Download.objects.exists()


def test_who_lost_his_post_meanwhile_fetches_nothing(district):
    three(district)
    download = asked(district)
    make(download)
    district.secretary.is_active = False
    district.secretary.save()

    with pytest.raises(NotAllowedNow, match="Your post does not take this file out"):
        downloads.fetch(download, by=district.secretary, at=TUESDAY)


def test_a_fourth_file_waits_until_one_of_three_is_ready(district):
    three(district)
    first, _second, _third = (asked(district) for _turn in range(3))

    with pytest.raises(NotAllowedNow, match="still being made"):
        asked(district)
    make(first)

    assert asked(district).state == "waiting"


def test_what_a_killed_worker_had_in_hand_is_made_when_its_lease_ends_and_given_up_after_three(district):
    three(district)
    download = asked(district)
    for turn in range(3):
        begun = downloads._claim(str(download.pk), at=TUESDAY + turn * downloads.LEASE)
        assert begun.tries == turn + 1
        assert not make(download, at=TUESDAY + turn * downloads.LEASE + timedelta(seconds=179))

    assert downloads.make_owed(now=lambda: TUESDAY + 3 * downloads.LEASE) == 0

    download.refresh_from_db()
    assert (download.state, download.tries) == ("failed", 3)


def test_a_lost_enqueue_is_found_by_the_tick(district):
    three(district)
    download = asked(district)

    assert downloads.make_owed(now=lambda: TUESDAY + timedelta(minutes=1)) == 1

    download.refresh_from_db()
    assert download.state == "ready"


def test_a_cancelled_file_stops_at_its_next_step_and_leaves_nothing(district, monkeypatch):
    monkeypatch.setattr(downloads, "STEP", 1)
    three(district)
    download = asked(district)
    seen = []
    lines = exporting._lines

    def watched(*given, **named):
        for line in lines(*given, **named):
            seen.append(line[0])
            if len(seen) == 2:
                downloads.drop(download)
            yield line

    monkeypatch.setattr(exporting, "_lines", watched)

    assert not downloads.make(download_id=str(download.pk), now=lambda: TUESDAY)

    assert len(seen) == 2
    assert not Download.objects.exists()
    assert not Notice.objects.filter(kind="download_ready").exists()


def test_a_bug_is_tried_again_said_without_its_words_and_then_given_up(district, monkeypatch, caplog):
    three(district)
    download = asked(district)
    monkeypatch.setattr(exporting, "_contact", lambda *_given, **_named: 1 / 0)

    states = []
    for turn in range(3):
        make(download, at=TUESDAY + turn * downloads.LEASE)
        states.append(download.state)

    assert states == ["waiting", "waiting", "failed"]
    assert caplog.text.count("ZeroDivisionError") == 3
    assert "division by zero" not in caplog.text


def test_the_page_shows_how_far_each_is_and_asks_again_by_itself_only_while_one_is_made(client, district):
    three(district)
    download = asked(district)
    Download.objects.update(state="running", done=1, total=3, expires_at=TUESDAY + timedelta(days=9999))
    client.force_login(district.secretary)

    running = client.get("/downloads/").content.decode()
    part = client.get("/downloads/", headers={"HX-Target": "downloads"}).content.decode()
    Download.objects.update(state="failed")
    failed = client.get("/downloads/").content.decode()

    assert 'value="33"' in running
    assert "every 2s" in running
    assert part.lstrip().startswith('<div id="downloads"')
    assert "every 2s" not in failed
    assert client.post(f"/downloads/{download.pk}/drop/").status_code == 302
    assert not Download.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_five_workers_at_one_file_make_it_once(district):
    three(district)
    download = asked(district)
    barrier, made = threading.Barrier(5), []

    def work():
        try:
            barrier.wait()
            made.append(downloads.make(download_id=str(download.pk), now=lambda: TUESDAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _turn in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made) == [False, False, False, False, True]
    assert ExportLog.objects.count() == 1
