"""A secretary keeps branch and member; axe looks at each page, elder and dark too."""

import pytest
from django.utils import timezone

from parties.models import PartyMember
from tests.browser.checking import Checked
from tests.browser.test_volunteers import FACES
from tests.parties.world import tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]


def test_a_secretary_writes_a_member_down(browser_of, district):
    made = tree(district, at=timezone.now())
    url = f"/party/{made.grid.pk}/"
    for number, (language, elder, dark, widths) in enumerate(FACES, 13900139000):
        secretary = Checked(browser_of(language, elder=elder, dark=dark, user=district.secretary), widths=widths)
        for page in ("/party/", "/party/coverage/", url, f"/party/{made.community.pk}/new/"):
            secretary.open(page)
        secretary.open(f"{url}members/new/")
        secretary.page.fill("[name=name]", "常守正")
        secretary.page.fill("[name=phone]", str(number))
        secretary.press("main form button")  # without a ground
        assert secretary.page.input_value("[name=name]") == "常守正"
        secretary.look("what is lacking")
        secretary.page.check("[name=ground][value=letter]")
        secretary.press("main form button")
        secretary.look("the member")
        assert secretary.violations == []
    assert PartyMember.objects.current().count() == len(FACES)
