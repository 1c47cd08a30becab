"""Rights and retention of petitions: cases 39-41 of cases/petitions.md; architecture 7, 12, 13."""

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from notifications.models import Delivery
from people import consents, expiry, notice
from people.enums import ConsentPurpose
from people.models import Consent, Person, RetentionRun, RevealLog
from petitions import erasure, reveals, rights
from petitions.enums import EventCode
from petitions.errors import NotNow
from petitions.models import Petition, PetitionPhoto, PetitionText, RetentionHold, Transfer
from tests.factories import SHANGHAI, TUESDAY
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]
NAME, PHONE, PLATE = "常小红", "13800138000", "鲁D12345"
TEXT = f"我是{NAME}，{PLATE}占了车位，请打{PHONE}或写信到 chang@example.org。"
YEARS_3 = TUESDAY.replace(year=2029)
YEARS_5 = TUESDAY.replace(year=2031)
DAY = timedelta(days=1)
OPEN_ONES = ["submitted", "accepted", "dispatched", "signed", "in_progress", "resolved", "verified"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def petition(district):
    return district.petition(text=TEXT, status="closed", uploads=[io.BytesIO(phone_photo())])


def words(petition):
    rows = PetitionText.objects.filter(petition=petition)
    return "|".join(f"{row.original}{row.masked}{row.bigrams}{bytes(row.salt).hex()}" for row in rows)


def everything(petition):
    petition.refresh_from_db()
    person = Person.objects.get(pk=petition.petitioner_id)
    return f"{person.name}{person.phone}{person.email}{petition.title}{words(petition)}"


def photo_files():
    return list(Path(default_storage.location).rglob("*.jpg"))


# -- case 40: anonymise ----------------------------------------------------------------------------------------


def test_case_40_contact_words_salt_search_title_and_photos_go_and_the_history_stays(district, petition):
    """Case 40: texts and photos too."""
    events = list(petition.events.values_list("pk", "code", "digest"))
    assert len(photo_files()) == 1

    assert erasure.anonymise(petition, at=YEARS_5) is True

    petition.refresh_from_db()
    person = petition.petitioner
    assert (person.name, person.phone, person.email, person.phone_index, person.name_index) == ("", "", "", None, None)
    texts = PetitionText.objects.filter(petition=petition)
    assert {(row.original, row.masked, tuple(row.bigrams), bytes(row.salt)) for row in texts} == {("", "", (), b"")}
    assert texts.count() >= 2  # rows of words stay, as the events name them
    assert petition.title == "垃圾站（箱）满溢"
    assert petition.code_hash is None
    assert (petition.contact_erased_at, petition.anonymised_at) == (YEARS_5, YEARS_5)
    assert not PetitionPhoto.objects.filter(petition=petition).exists()
    assert photo_files() == []
    kept = list(petition.events.order_by("id").values_list("pk", "code", "digest"))
    assert kept[: len(events)] == sorted(events)
    assert [code for _pk, code, _digest in kept[len(events) :]] == [EventCode.CONTACT_ERASED, EventCode.ANONYMISED]


def test_case_40_twice_is_once(petition):
    """Case 40: run twice."""
    erasure.anonymise(petition, at=YEARS_5)
    count = petition.events.count()

    assert erasure.anonymise(petition, at=YEARS_5 + DAY) is False
    assert erasure.erase_contact(petition, at=YEARS_5 + DAY) is False
    petition.refresh_from_db()
    assert (petition.events.count(), petition.anonymised_at) == (count, YEARS_5)


@pytest.mark.parametrize("facts", [{"phone": ""}, {"phone": "", "anonymous": True}, {"title": "垃圾桶"}])
def test_case_40_what_is_empty_or_anonymous_is_no_obstacle(district, facts):
    """Case 40: null and empty fields."""
    petition = district.petition(text="垃圾桶满了", status="closed", **facts)

    assert erasure.anonymise(petition, at=YEARS_5) is True
    assert words(petition).strip("|[]").replace("[]", "").replace("|", "") == ""


def test_words_that_do_not_open_go_too(district, petition):
    PetitionText.objects.filter(petition=petition, kind="body").update(original_sealed=b"\x01\x02k1broken")

    assert erasure.erase_contact(petition, at=YEARS_3) is True
    assert PHONE not in PetitionText.objects.get(petition=petition, kind="body").masked


def test_when_only_the_contact_goes_the_words_stay_without_what_identifies(petition):
    erasure.erase_contact(petition, at=YEARS_3)

    body = PetitionText.objects.get(petition=petition, kind="body")
    assert body.original == "我是■■，■■占了车位，请打■■或写信到 ■■。"
    assert body.masked == body.original
    assert bytes(body.salt) == b""
    petition.refresh_from_db()
    assert petition.anonymised_at is None
    for secret in (NAME, PHONE, "8000", PLATE, "chang"):
        assert secret not in everything(petition)
    assert PetitionPhoto.objects.filter(petition=petition).count() == 1


def test_nothing_more_is_sent_to_the_person_and_his_consents_end(petition):
    assert consents.holds(petition.petitioner, ConsentPurpose.CONTACT)

    erasure.erase_contact(petition, at=YEARS_3)

    assert not Delivery.objects.filter(notice__person=petition.petitioner, notice__silent=False).exists()
    assert Consent.objects.get(person=petition.petitioner).withdrawn_at == YEARS_3


@pytest.mark.parametrize(
    "status", ["submitted", "accepted", "dispatched", "signed", "in_progress", "resolved", "verified"]
)
def test_an_open_matter_is_refused_with_the_reason_and_nothing_changes(district, status):
    petition = district.petition(text=TEXT, status=status)
    before = everything(petition)

    with pytest.raises(NotNow, match=f"{petition.number} is still being dealt with.*PIPL art. 13"):
        rights.erase(petition, at=TUESDAY + DAY)

    assert everything(petition) == before


def test_a_matter_joined_to_an_open_one_is_open(district):
    master = district.petition()
    petition = district.petition(text=TEXT)
    Petition.objects.filter(pk=petition.pk).update(status="merged", master=master)
    petition.refresh_from_db()

    with pytest.raises(NotNow, match="still being dealt with"):
        rights.erase(petition, at=TUESDAY)


def test_a_held_matter_is_refused_until_the_hold_is_lifted(district, petition):
    hold = RetentionHold.objects.create(petition=petition, reason="行政诉讼", by=district.command, at=TUESDAY)
    with pytest.raises(NotNow, match="before a court"):
        rights.erase(petition, at=TUESDAY + DAY)

    hold.lifted_at, hold.lifted_by = TUESDAY + DAY, district.command
    hold.save()
    assert rights.erase(petition, at=TUESDAY + DAY) is True


def test_a_person_whom_another_matter_needs_keeps_his_contact(district, petition):
    other = district.petition(phone="")
    Petition.objects.filter(pk=other.pk).update(petitioner=petition.petitioner)

    erasure.anonymise(petition, at=YEARS_5)

    assert Person.objects.get(pk=petition.petitioner_id).phone == PHONE
    assert words(petition).replace("[]", "").strip("|") == ""


# -- case 41: what may be ended, and what stays ----------------------------------------------------------------


def run(at, **options):
    return {one.rule: one for one in expiry.run(at=at, **options)}


def counts(report):
    return (report.due, report.ended, report.held, report.failed)


def test_case_41_nothing_younger_than_its_time_is_ended(petition):
    """Case 41: not younger than the limit."""
    last = petition.closed_at.replace(year=2029)

    assert counts(run(last)["petitions.contact"]) == (0, 0, 0, 0)
    assert counts(run(last + timedelta(seconds=1))["petitions.contact"]) == (1, 1, 0, 0)
    assert counts(run(petition.closed_at.replace(year=2031))["petitions.words"]) == (0, 0, 0, 0)
    assert counts(run(petition.closed_at.replace(year=2031) + timedelta(seconds=1))["petitions.words"]) == (1, 1, 0, 0)
    assert counts(run(YEARS_5 + DAY)["petitions.words"]) == (0, 0, 0, 0)


def test_case_41_ledgers_and_children_stay(district):
    """Case 41: the rows of ledgers are kept."""
    petition = district.petition(text=TEXT, status="closed", organisation=True)
    reveals.look(
        petition, field="phone", reason="回访一下", by=district.as_staff(district.secretary), at=petition.closed_at
    )
    before = (petition.events.count(), RevealLog.objects.count(), Transfer.objects.count(), petition.clocks.count())

    run(YEARS_5 + DAY)

    after = (petition.events.count() - 2, RevealLog.objects.count(), Transfer.objects.count(), petition.clocks.count())
    assert after == before
    assert Person.objects.filter(pk=petition.petitioner_id).exists()


def test_a_hold_skips_one_matter_and_not_the_scan(district):
    """Case 40: what is flagged is skipped without stopping the scan."""
    first, second, third = (district.petition(text=TEXT, status="closed") for _turn in range(3))
    RetentionHold.objects.create(petition=first, reason="行政诉讼", by=district.command, at=TUESDAY)

    report = run(YEARS_5 + DAY)

    assert counts(report["petitions.words"]) == (3, 2, 1, 0)
    assert NAME in words(first)
    assert NAME not in words(second) + words(third)


def test_one_matter_that_fails_does_not_stop_the_others(district, monkeypatch):
    first, second = (district.petition(text=TEXT, status="closed") for _turn in range(2))
    neutral = erasure._neutral_title

    def fails(petition):
        if petition.pk == first.pk:
            raise RuntimeError(PHONE)
        return neutral(petition)

    monkeypatch.setattr(erasure, "_neutral_title", fails)

    report = run(YEARS_5 + DAY, only=["petitions.words"])["petitions.words"]

    assert counts(report) == (2, 1, 0, 1)
    assert report.failures == [[str(first.pk), "RuntimeError"]]
    assert PHONE in words(first)  # nothing half done
    assert PHONE not in words(second)


def test_a_dry_run_counts_and_changes_nothing(district, petition):
    before = everything(petition)

    report = run(YEARS_5 + DAY, dry=True)

    assert counts(report["petitions.words"]) == (1, 0, 0, 0)
    assert report["petitions.words"].dry is True
    assert everything(petition) == before


@pytest.mark.parametrize(
    "status", ["submitted", "accepted", "dispatched", "signed", "in_progress", "resolved", "verified"]
)
def test_an_open_matter_is_kept_however_old(district, status):
    petition = district.petition(text=TEXT, status=status)

    run(YEARS_5.replace(year=2050))

    assert PHONE in everything(petition)


def test_what_was_not_accepted_ends_by_the_moment_in_its_history(district):
    petition = district.petition(text=TEXT)
    Petition.objects.filter(pk=petition.pk).update(status="declined")
    petition.events.create(code="declined", at=TUESDAY + 100 * DAY, from_status="submitted", to_status="declined")

    assert counts(run(YEARS_3 + 99 * DAY)["petitions.contact"]) == (0, 0, 0, 0)
    assert counts(run(YEARS_3 + 101 * DAY)["petitions.contact"]) == (1, 1, 0, 0)


def test_the_command_reports_and_the_dry_run_says_so(district, petition, capsys, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: YEARS_5 + DAY)

    call_command("retention", dry_run=True)
    dry = capsys.readouterr().out
    call_command("retention")
    real = capsys.readouterr().out

    assert "petitions.words: 1 due, 0 ended, 0 held back, 0 failed (dry run)" in dry
    assert "petitions.words: 1 due, 1 ended, 0 held back, 0 failed\n" in real
    assert RetentionRun.objects.filter(rule="petitions.words").count() == 2
    with pytest.raises(CommandError, match=r"No such rule: nonsense. There are: .*petitions.words"):
        call_command("retention", only=["nonsense"])


def test_the_job_runs_every_night(settings):
    job = settings.CELERY_BEAT_SCHEDULE["people.retention"]

    assert (job["task"], str(job["schedule"])) == ("people.retention", "<crontab: 10 3 * * * (m/h/dM/MY/d)>")


# -- what is kept with a petition ------------------------------------------------------------------------------


def test_a_petition_keeps_the_version_of_the_notice_and_when_it_was_shown(district):
    petition = district.petition()

    assert (petition.privacy_version, petition.privacy_at) == (notice.VERSION, TUESDAY)
    assert Consent.objects.get(person=petition.petitioner).version == notice.VERSION


def test_a_number_lifted_out_of_the_words_is_no_consent(district):
    petition = district.petition(text=f"请打{PHONE}", phone="")

    assert petition.petitioner.phone == PHONE
    assert not Consent.objects.exists()


def test_keeping_counts_by_the_calendar_of_shanghai():
    leap = datetime(2028, 2, 29, 12, 0, tzinfo=SHANGHAI)

    assert Person.personal.cutoff(leap) == datetime(2025, 2, 28, 12, 0, tzinfo=SHANGHAI)
    assert PetitionText.personal.cutoff(TUESDAY) == TUESDAY.replace(year=2021)
