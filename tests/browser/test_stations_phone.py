"""Lending and handing over on a worker's phone, in a few taps and without JavaScript; the pages as axe reads them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fieldwork import handing
from fieldwork.models import DutyPoint, DutyShift, Loan, StationItem
from tests.browser.checking import Checked
from tests.fieldwork.places import station

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def sitting(district):
    """A station with umbrellas; the worker sits there after somebody who left a point open."""
    one, now = station(district, hours_by="always", name="北关红色驿站"), timezone.now()
    StationItem.objects.create(station=one, name="雨伞", quantity=2)
    hours = ((now - timedelta(hours=4), now - timedelta(hours=1)), (now - timedelta(hours=1), now + timedelta(hours=1)))
    earlier, mine = (
        DutyShift.objects.create(area=district.community, station=one, user=user, starts_at=start, ends_at=end)
        for user, (start, end) in zip((district.window, district.worker), hours, strict=True)
    )
    by = district.as_staff(district.window, timezone.localdate())
    handing.hand_over(earlier, words="平安无事", points=["钥匙在抽屉里"], by=by, at=now)
    return mine


def test_lending_and_handing_over_take_few_taps_and_are_accessible(browser_of, district, sitting):
    for language in ("en", "zh-hans"):
        mine = Checked(browser_of(language, user=district.worker), widths=(360,))
        mine.open("/stations/desk/")
        mine.open(f"/stations/desk/{sitting.station_id}/")
        mine.open("/duty/")
        mine.open("/duty/week/")
        mine.open(f"/duty/{sitting.pk}/")
        lead = Checked(browser_of(language, user=district.secretary), widths=(360,))
        for url in ("/duty/week/", "/stations/coverage/", "/stewards/"):
            lead.open(url)
        assert mine.violations + lead.violations == []
    page = Checked(browser_of("en", user=district.worker), widths=(360,))

    # two taps and two words to lend, one tap to take back
    page.page.goto(f"/stations/desk/{sitting.station_id}/loans/")
    page.press("a[href$='/lend/']")
    page.page.fill("[name=name]", "常小红")
    page.page.fill("[name=phone]", "13800138000")
    page.page.locator("label[for=lend_agreed]").click()
    page.look("the form of a loan")
    page.press("main form button")
    expect(page.page.get_by_text("常** 138****8000")).to_be_visible()
    page.look("what is lent")
    page.press("main button[value=back]")
    assert Loan.objects.get().end == "back"

    # one tap to take over, one for the point, a word and one tap to hand over
    page.page.goto(f"/duty/{sitting.pk}/")
    page.press("form[action$='/take-over/'] button")
    page.page.goto(f"/duty/{sitting.pk}/")
    page.press("form[action*='/points/'] button")
    page.page.goto(f"/duty/{sitting.pk}/")
    page.page.fill("[name=words]", "无")
    page.press("form[action$='/hand-over/'] button")
    page.look("a shift that is handed over")
    sitting.refresh_from_db()
    assert (sitting.words, DutyPoint.objects.filter(done_at=None).count()) == ("无", 0)
    assert page.violations == []
