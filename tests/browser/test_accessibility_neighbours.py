"""No violation that axe-core finds on pages of care, micro-grids, dossiers, who knows the law, and notices."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from deadlines.timetable import shanghai_date
from fieldwork import bulletins, care, households, legalpeople
from fieldwork.enums import CareConsent, CareKind, LegalRole
from fieldwork.models import VisitDuty
from grids import microgrids
from tests.browser.checking import Checked
from tests.browser.test_accessibility import language  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]


def test_pages_of_neighbours_are_accessible(browser_of, district, language):  # noqa: F811
    now = timezone.now()
    today = shanghai_date(now)
    worker, lead, secretary = (
        district.as_staff(one, today) for one in (district.worker, district.lead, district.secretary)
    )
    (home,) = households.add(place=district.unit, doors=["101"], by=worker, at=now)
    agreed = {"agreed": True, "client_key": uuid.uuid4(), "name": "常小红", "at": now}
    sheet = care.add(
        home, kind=CareKind.ELDERLY, duty=VisitDuty.objects.get(code="care_weekly"), consent_by=CareConsent.SELF,
        by=worker, **agreed,
    )  # fmt: skip
    micro = microgrids.make(
        district.grid, name="微网格一", places=[district.building], head=district.lead, by=lead, at=now
    )
    legal = legalpeople.add(
        role=LegalRole.INFORMED, area=district.grid, is_named=True, term_ends_on=date(today.year + 1, 12, 31),
        by=secretary, **agreed,
    )  # fmt: skip
    told, waits = (
        bulletins.write(
            area=district.grid, title="停水", words="请储水。", from_on=today, to_on=today + timedelta(days=3),
            client_key=uuid.uuid4(), by=by, at=now,
        )
        for by in (lead, worker)
    )  # fmt: skip
    everybody = Checked(browser_of(language))
    for url in (
        f"/bulletins/?area={district.community.code}", f"/bulletins/{told.pk}/", f"/bulletins/{told.pk}/poster/",
        f"/?area={district.grid.code}", f"/areas/{district.grid.code}/",
        f"/stations/advisers/?area={district.community.code}",
    ):  # fmt: skip
        everybody.open(url)
    staff = Checked(browser_of(language, user=district.lead))
    for url in (
        "/care/", f"/care/{sheet.pk}/", f"/visits/{home.pk}/care/", f"/visits/{home.pk}/", "/micro-grids/",
        "/micro-grids/new/", f"/micro-grids/{micro.pk}/", "/ledgers/grids/", f"/ledgers/grids/{district.grid.code}/",
        "/legal/people/", "/legal/people/new/", f"/legal/people/{legal.pk}/", "/legal/people/goals/",
        "/bulletins/desk/", "/bulletins/desk/new/", f"/bulletins/desk/{waits.pk}/",
    ):  # fmt: skip
        staff.open(url)

    assert everybody.violations + staff.violations == []
    assert (everybody.pages, staff.pages) == (6, 16)
