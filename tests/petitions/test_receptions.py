"""Receiving visitors 来访接待 (000-20): the log, the duty officer, what came of it, and what it does not keep."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deadlines.timetable import SHANGHAI
from grids.models import WeekdayDuty
from people import expiry
from people.models import Consent
from petitions import receptions
from petitions.enums import About, ReceptionOutcome
from petitions.errors import NotYours, WordsMissing
from petitions.models import Petition, Reception
from tests.factories import TUESDAY, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
URL = "/reception/"
WORDS = "问低保怎么办，电话13800138000"


def written(**changes: object) -> dict[str, object]:
    """A visit as the form sends it, an hour ago."""
    came = (timezone.now() - timedelta(hours=1)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    given = {
        "client_key": str(uuid.uuid4()), "area": "620302001001", "came_at": came, "words": WORDS, "outcome": "answered",
        "name": "常小红", "phone": "", **changes,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


def send(client, district, **changes: object):
    return client.post(URL, written(**{"received_by": district.window.pk, **changes}))


def receive(district, visit: receptions.Visit, **how: object) -> receptions.Received:
    facts = {
        "received_by": district.window, "came_at": TUESDAY, "client_key": uuid.uuid4(),
        "by": district.as_staff(district.window), "at": TUESDAY + timedelta(minutes=5), **how,
    }  # fmt: skip
    return receptions.receive(district.community, visit, **facts)


ANSWERED = receptions.Visit(ReceptionOutcome.ANSWERED, WORDS, name="常小红")
FILED = receptions.Visit(ReceptionOutcome.FILED, "楼道灯坏了", name="常小红", phone="13800138000")


def test_what_was_answered_on_the_spot_is_kept_without_name_and_number(client, district):
    client.force_login(district.window)

    sent = send(client, district)

    assert (sent.status_code, sent.url) == (302, "/reception/?area=620302001001")
    row = Reception.objects.get()
    assert (row.visitor, row.words) == ("常**", "问低保怎么办，电话138****8000")
    assert (row.area, row.received_by, row.written_by) == (district.community, district.window, district.window)
    page = client.get(URL).content.decode()
    assert "常**" in page
    assert "13800138000" not in page
    assert not Petition.objects.exists()


def test_what_is_to_be_done_becomes_a_matter_with_number_and_code(client, district):
    client.force_login(district.window)

    page = send(client, district, outcome="filed", words="3号楼楼道灯坏了", phone="13800138000", agrees="on")

    petition, row = Petition.objects.get(), Reception.objects.get()
    assert page.status_code == 200
    assert page.context["filed"].code in page.content.decode()
    assert (petition.channel, petition.community, petition.first_contact_owner) == (
        "reception", district.community, district.window,
    )  # fmt: skip
    assert petition.petitioner.phone == "13800138000"
    given = Consent.objects.filter(person=petition.petitioner, withdrawn_at=None)
    assert sorted(given.values_list("purpose", flat=True)) == ["contact", "sensitive"]
    assert (row.petition, row.words, row.visitor) == (petition, "", "")
    assert petition.number in client.get(URL).content.decode()


def test_who_was_sent_on_leaves_where_to(client, district):
    client.force_login(district.window)

    nowhere = send(client, district, outcome="referred")
    sent = send(client, district, outcome="referred", referred_to="街道民政办 0935-8210000")

    assert (nowhere.status_code, sent.status_code) == (422, 302)
    assert Reception.objects.get().referred_to == "街道民政办 0935-8210000"
    send(client, district, outcome="referred", referred_to="找老马 13800138000")
    assert Reception.objects.latest("pk").referred_to == "找老马 138****8000"


def test_the_same_form_twice_is_one_visit_and_one_matter(client, district):
    client.force_login(district.window)
    given = written(received_by=district.window.pk, outcome="filed")

    first, second = client.post(URL, given), client.post(URL, given)

    assert (Reception.objects.count(), Petition.objects.count()) == (1, 1)
    assert first.context["filed"].code == second.context["filed"].code


def test_a_key_of_one_community_opens_nothing_in_another(client, district):
    client.force_login(district.window)
    given = written(received_by=district.window.pk, outcome="filed")
    code = client.post(URL, given).context["filed"].code
    client.force_login(district.other_secretary)

    there = {**given, "area": district.other_community.code, "received_by": district.other_secretary.pk}
    answer = client.post(URL, there)

    assert answer.status_code == 403
    assert code not in answer.content.decode()
    assert Reception.objects.count() == 1


def test_switching_the_language_writes_nothing_and_keeps_what_was_typed(client, district):
    client.force_login(district.window)

    answer = send(client, district, switch="language:zh-hans", outcome="referred", referred_to="街道民政办")

    assert (answer.status_code, answer.wsgi_request.LANGUAGE_CODE) == (200, "zh-hans")
    assert not Reception.objects.exists()
    assert answer.context["form"].errors == {}
    assert "街道民政办" in answer.content.decode()


def test_only_who_receives_visitors_is_shown_the_way_there(client, district):
    shown = {}
    for who in ("window", "secretary", "lead", "worker"):
        client.force_login(getattr(district, who))
        shown[who] = 'href="/reception/"' in client.get("/cases/new/").content.decode()

    assert shown == {"window": True, "secretary": True, "lead": False, "worker": False}


def test_a_visit_about_staff_leaves_no_trace_below(client, district):
    visit = receptions.Visit(ReceptionOutcome.FILED, "窗口的人骂我", about=About.COMMUNITY)
    receive(district, visit)
    receive(district, ANSWERED)

    rows = receptions.log(
        district.as_staff(district.secretary), [district.community], first=TUESDAY.date(), last=TUESDAY.date(), most=9
    )

    assert [row.outcome for row in rows] == ["answered"]
    assert Petition.objects.get().barred_from == 5


def test_who_is_on_duty_that_weekday_stands_first(client, district):
    officer = make_user("officer")
    WeekdayDuty.objects.create(area=district.community, user=officer, weekday=1, place="window")
    WeekdayDuty.objects.create(area=district.community, user=district.secretary, weekday=2, place="window")

    assert receptions.on_duty(district.community, on=TUESDAY.date()) == [officer]
    assert receptions.receivers(district.community, on=TUESDAY.date()) == [officer, district.secretary, district.window]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"words": ""}, 422),
        ({"words": "字" * 301}, 422),
        ({"outcome": ""}, 422),
        ({"outcome": "fine"}, 422),
        ({"came_at": "2020-01-01T10:00"}, 422),
        ({"came_at": "2099-01-01T10:00"}, 422),
        ({"came_at": "x"}, 422),
        ({"phone": "12"}, 422),
        ({"received_by": "999999"}, 422),
        ({"area": "620302001002"}, 404),
        ({"area": "\x00"}, 404),
        ({"client_key": "x"}, 422),
    ],
)
def test_bad_input_writes_nothing_and_keeps_what_was_typed(client, district, wrong, status):
    client.force_login(district.window)

    answer = send(client, district, **{"referred_to": "街道民政办", **wrong})

    assert answer.status_code == status
    assert not Reception.objects.exists()
    if status == 422:
        assert "街道民政办" in answer.content.decode()


@pytest.mark.parametrize("who", ["worker", "lead", "dispatcher", "leader", "supervisor", "command", "handler"])
def test_the_log_is_the_communitys_alone(client, district, who):
    receive(district, ANSWERED)
    client.force_login(getattr(district, who))

    assert client.get(URL).status_code == 403
    assert send(client, district).status_code == 403
    assert not Reception.objects.visible_to(district.as_staff(getattr(district, who))).exists()
    assert Reception.objects.count() == 1


def test_another_community_has_a_log_of_its_own(client, district):
    receive(district, ANSWERED)
    client.force_login(district.other_secretary)

    assert "常**" not in client.get(URL).content.decode()
    assert client.get(URL, {"area": district.community.code}).status_code == 404
    with pytest.raises(NotYours):
        receive(district, ANSWERED, by=district.as_staff(district.other_secretary))


def test_nobody_who_does_not_serve_there_is_named_as_receiver(district):
    with pytest.raises(Exception, match="did not serve"):
        receive(district, ANSWERED, received_by=district.other_secretary)
    with pytest.raises(WordsMissing):
        receive(district, receptions.Visit(ReceptionOutcome.ANSWERED, " "))

    assert not Reception.objects.exists()


def test_after_three_years_name_and_words_go_and_the_line_stays(district):
    receive(district, ANSWERED)
    (rule,) = (one for one in expiry.rules() if one.name == "petitions.receptions")
    early, late = TUESDAY + timedelta(days=3 * 365 - 2), TUESDAY + timedelta(days=3 * 366)

    assert not rule.due(early).exists()
    assert rule.due(late).count() == 1
    assert rule.end(Reception.objects.get().pk, late)

    row = Reception.objects.get()
    assert (row.visitor, row.words, row.outcome) == ("", "", "answered")
    assert not rule.due(late).exists()


def test_a_filed_visit_without_its_matter_is_refused_by_the_database(district):
    receive(district, ANSWERED)
    for wrong in ({"outcome": "filed"}, {"outcome": "referred", "referred_to": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reception.objects.update(**wrong)


@pytest.mark.parametrize("count", [1, 12])
def test_the_log_costs_the_same_however_long_it_is(client, district, django_assert_max_num_queries, count):
    for _one in range(count):
        receive(district, ANSWERED, came_at=timezone.now(), at=timezone.now())
    client.force_login(district.window)

    with django_assert_max_num_queries(12):
        page = client.get(URL)

    assert len(page.context["rows"]) == count
