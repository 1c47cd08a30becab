"""No violation that axe-core finds on the pages of what is collected by hand, checked and marked."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from deadlines.timetable import shanghai_date
from fieldwork import liaisons
from fieldwork.enums import LiaisonKind
from petitions import boxes, diaries, listing, reviews
from petitions.enums import CheckKind, Mark, ReviewMode, ReviewSubject, Status
from petitions.models import SuggestionBox, VerificationRule
from tests.browser.checking import Checked
from tests.browser.test_accessibility import language  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]


def test_what_is_collected_checked_and_marked_is_accessible(browser_of, district, language):  # noqa: F811
    now = timezone.now()
    today = shanghai_date(now)
    worker, secretary = (district.as_staff(one, today) for one in (district.worker, district.secretary))
    box = SuggestionBox.objects.create(
        code="B-001", area=district.building, spot="一楼信箱旁", opened_on=today - timedelta(days=10)
    )
    VerificationRule.objects.create(kind=CheckKind.ON_SITE, valid_from=today - timedelta(days=1))
    task = district.petition(now - timedelta(hours=3), status=Status.RESOLVED).verifications.get()
    district.petition(now - timedelta(hours=2), status=Status.ACCEPTED, text="希望装路灯。")
    listing.load_rules()
    listing.sort_new(at=now)
    diaries.write(
        words="都盼着装路灯。", area=district.building, heard_on=today, client_key=uuid.uuid4(), by=worker, at=now
    )
    open_, over = (
        reviews.make(
            title="外墙保温", area=district.community, subject=ReviewSubject.PROJECT, project="外墙", opens_on=first,
            closes_on=first, weights=reviews.WEIGHTS, by=secretary, at=now,
        )
        for first in (today, today - timedelta(days=1))
    )  # fmt: skip
    for number in range(6):
        reviews.enter(over, mode=ReviewMode.HOME, mark=Mark.GOOD, by=secretary, at=now, phone=f"138{number:08d}")
    line = liaisons.add(
        kind=LiaisonKind.ELDERLY, place=district.unit, name="常小红", phone="13900139000", answers=district.worker,
        agreed=True, client_key=uuid.uuid4(), by=secretary, at=now,
    )  # fmt: skip
    stranger = Checked(browser_of(language))
    for page in (open_, over):
        stranger.open(f"/review/{page.pk}/")
    stranger.open(f"/review/{open_.pk}/thanks/")
    phone = Checked(browser_of(language, user=district.worker))
    emptying = boxes.empty(box, slips=2, blank=0, client_key=uuid.uuid4(), by=worker, at=now)
    for url in ("/grid/boxes/", f"/grid/boxes/{box.pk}/", f"/cases/new/?emptying={emptying.pk}", "/grid/diary/"):
        phone.open(url)
    desk = Checked(browser_of(language, user=district.secretary))
    for url in (
        "/checks/", f"/checks/{task.pk}/", "/process/", "/lists/", "/reviews/", f"/reviews/{over.pk}/", "/legal/",
        "/reception/", "/liaisons/", "/liaisons/new/", f"/liaisons/{line.pk}/", "/listening/",
    ):  # fmt: skip
        desk.open(url)

    assert stranger.violations + phone.violations + desk.violations == []
    assert (stranger.pages, phone.pages, desk.pages) == (3, 4, 12)
