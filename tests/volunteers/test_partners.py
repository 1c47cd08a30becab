"""Happy Home partners (001-24): nine categories, six duties, a term, an award a year, counts for each area."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from people import expiry
from people.errors import BadInput
from tests.factories import TUESDAY
from tests.volunteers.world import OTHER, child, refused, register, taken_on
from volunteers import partners, transitions
from volunteers.enums import PartnerDuty, PartnerKind, PartnerMode
from volunteers.errors import NotNow, NotYours
from volunteers.models import HomePartner, PartnerAward

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TERM = date(2027, 12, 31)


def name(district, row=None, *, by=None, at=TUESDAY, **facts):
    given = {
        "kind": PartnerKind.MERCHANT, "duties": [PartnerDuty.TELLS, PartnerDuty.HELPS], "mode": PartnerMode.BOTH,
        "term_ends_on": TERM, **facts,
    }  # fmt: skip
    staff = district.as_staff(by or district.secretary, at.date())
    return partners.name(row or taken_on(district, at=at), by=staff, at=at, **given)


def test_there_are_nine_categories_and_six_duties():
    assert (len(PartnerKind), len(PartnerDuty)) == (9, 6)


def test_a_registered_volunteer_becomes_a_partner_for_a_term(district):
    row = taken_on(district)

    partner = name(district, row)

    assert (partner.area, partner.duties, partner.mode, partner.term_ends_on) == (
        district.community, ["tells", "helps"], "both", TERM,
    )  # fmt: skip
    assert isinstance(refused(lambda: name(district, row)), NotNow)
    over = TUESDAY + timedelta(days=700)
    assert name(district, row, at=over, term_ends_on=date(2029, 12, 31)).pk != partner.pk
    assert HomePartner.objects.filter(ends_on=None).count() == 1


def test_who_is_not_registered_or_under_18_is_no_partner(district):
    for row in (register(district), taken_on(district, make=child)):
        assert isinstance(refused(lambda row=row: name(district, row)), NotNow)
    with pytest.raises(NotYours):
        name(district, by=district.worker, row=taken_on(district, phone=OTHER))
    assert not HomePartner.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"duties": []}, "duties"),
        ({"term_ends_on": date(2026, 6, 8)}, "term_ends_on"),
        ({"term_ends_on": date(2030, 1, 1)}, "term_ends_on"),
    ],
)
def test_a_partner_has_a_duty_and_a_term(district, facts, field):
    with pytest.raises(BadInput) as no:
        name(district, **facts)

    assert no.value.field == field


def test_an_award_is_given_once_a_year_of_service(district):
    partner, by = name(district), district.as_staff(district.secretary)

    partners.honour(partner, year=2026, by=by, at=TUESDAY)

    assert isinstance(refused(lambda: partners.honour(partner, year=2026, by=by, at=TUESDAY)), NotNow)
    for year in (2025, 2027):
        with pytest.raises(BadInput):
            partners.honour(partner, year=year, by=by, at=TUESDAY)
    assert [*PartnerAward.objects.values_list("year", "given_by")] == [(2026, district.secretary.pk)]


def test_partners_are_counted_by_category_duty_and_award(district):
    first = name(district)
    name(district, taken_on(district, phone=OTHER), kind=PartnerKind.RETIRED, mode=PartnerMode.PEACE)
    partners.honour(first, year=2026, by=district.as_staff(district.secretary), at=TUESDAY)

    counted = partners.counted(district.street, on=date(2026, 6, 9))

    assert (counted.total, counted.emergency, counted.outstanding) == (2, 1, 1)
    assert [(kind.value, number) for kind, number in counted.kinds if number] == [("retired", 1), ("merchant", 1)]
    assert dict(counted.duties)[PartnerDuty.HELPS] == 2
    assert partners.counted(district.street, on=date(2028, 1, 1)).total == 0  # the terms are over
    assert partners.counted(district.other_community, on=date(2026, 6, 9)).total == 0


def test_who_leaves_the_register_is_no_partner_any_more(district):
    partner = name(district)

    transitions.leave(partner.volunteer, by=None, at=TUESDAY)

    partner.refresh_from_db()
    assert partner.ends_on == date(2026, 6, 9)
    rule = next(rule for rule in expiry.rules() if rule.name == "volunteers.partners")
    at = TUESDAY + timedelta(days=370)
    assert [rule.end(one.pk, at) for one in rule.due(at)] == [True]


def test_the_pages_of_partners(client, district):
    row = taken_on(district, at=timezone.now())
    client.force_login(district.secretary)
    new, year = reverse("home_partner_new", args=[row.pk]), timezone.localdate().year
    given = {"kind": "merchant", "duties": ["tells"], "mode": "both", "term_ends_on": f"{year + 1}-12-31"}
    assert client.post(new, {**given, "duties": []}).status_code == 422
    made = client.post(new, given)
    assert made.status_code == 302
    assert client.post(new, given).status_code == 409
    assert client.post(f"{made.url}honour/", {"year": year}).status_code == 302
    assert client.post(f"{made.url}honour/", {"year": year}).status_code == 409
    page = client.get(reverse("home_partners")).content.decode()
    assert (f"outstanding in {year}" in page, "常帮忙" in page) == (True, False)
    client.force_login(district.dispatcher)
    assert client.get(made.url).status_code == 404
    assert client.get(reverse("home_partner_counts")).context["count"].total == 1
    client.force_login(district.secretary)
    assert client.post(f"{made.url}end/").url == reverse("home_partners")
    assert client.post(f"{made.url}end/").status_code == 409
