"""A resident registers as a volunteer and is taken on; axe looks at each page, elder and dark too."""

import pytest

from tests.browser.checking import Checked
from tests.petitions.telephone import code_in
from volunteers.models import Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]
FACES = (("zh-hans", False, False, (320, 1440)), ("en", True, True, (320,)))


def test_a_resident_registers_and_is_taken_on(browser_of, district, gateway, sent_at_once):
    for telephone, (language, elder, dark, widths) in enumerate(FACES, 13900139000):
        resident = Checked(browser_of(language, elder=elder, dark=dark), widths=widths)
        resident.open("/volunteers/")
        resident.open("/volunteers/register/")
        resident.page.fill("[name=phone]", str(telephone))
        resident.press("main button[value=phone]")
        resident.look("the code")
        resident.page.fill("[name=code]", code_in(gateway))
        resident.press("main button[value=prove]")
        resident.look("the form")
        resident.page.fill("[name=name]", "常帮忙")
        resident.page.fill("[name=phone]", str(telephone))
        resident.page.select_option("[name=home]", district.community.code)
        resident.page.check("[name=skills][value=repairs]")
        resident.page.check("[name=free][value='53']")
        resident.press("main button[value=send]")  # without agreeing
        assert resident.page.input_value("[name=name]") == "常帮忙"
        resident.look("what is lacking")
        resident.page.check("[name=agreed]")
        resident.press("main button[value=send]")
        resident.look("the own page")
        resident.open("/volunteers/register/child/")
        row = Volunteer.objects.get(free=[53], state="waiting")

        secretary = Checked(browser_of(language, elder=elder, dark=dark, user=district.secretary), widths=widths)
        secretary.open("/volunteers/desk/?state=waiting")
        secretary.open("/volunteers/desk/new/child/")
        secretary.open(f"/volunteers/desk/{row.pk}/")
        secretary.press(f"main form[action$='{row.pk}/approve/'] button")
        secretary.look("taken on")
        row.refresh_from_db()
        assert (row.state, row.decided_by) == ("active", district.secretary)
        resident.open("/mine/volunteer/")
        assert [*resident.violations, *secretary.violations] == []
