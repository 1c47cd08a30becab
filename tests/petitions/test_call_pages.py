"""The pages of whistles and calls for help: each side does its part there, without JavaScript; lists cost the same."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from deadlines.sweep import sweep
from petitions import whistles
from petitions.call_enums import WhistleKind
from petitions.enums import Status
from petitions.models import Broadcast, Petition, Whistle, WhistleEscalation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FORM = {"place_words": "龙集里3号楼前", "words": "沿街餐饮油烟扰民。"}


def sent(**given):
    return {**FORM, "client_key": str(uuid.uuid4()), **given}


def blow(district, n=1):
    for _number in range(n):
        whistle = whistles.blow(
            by=district.as_staff(district.secretary, timezone.localdate()),
            at=timezone.now(),
            kind=WhistleKind.EMERGENCY,
            units=[district.sanitation],
            **sent(),
        )
    return whistle


def do(client, who, whistle, what, status=302, **given):
    client.force_login(who)
    answer = client.post(reverse("whistle_do", args=(whistle.pk, what)), given)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def test_a_whistle_from_its_form_to_both_scores(client, district):
    client.force_login(district.secretary)
    page = client.get(reverse("whistle_new")).content.decode()
    assert "环卫所" in page
    empty = client.post(reverse("whistle_new"), sent(kind="routine", words=""))
    assert empty.status_code == 422
    assert FORM["place_words"] in empty.content.decode()
    assert not Whistle.objects.exists()
    client.post(reverse("whistle_new"), sent(kind="routine", units=["HW-001"]))
    whistle = Whistle.objects.get()

    client.force_login(district.handler)
    assert client.get(reverse("whistle", args=(whistle.pk,))).status_code == 404
    do(client, district.dispatcher, whistle, "check", 422, agree="no", words="")
    do(client, district.dispatcher, whistle, "check", agree="yes")
    do(client, district.handler, whistle, "respond")
    again = do(client, district.head, whistle, "respond", 409).content.decode()
    assert "handler has answered already" in again
    do(client, district.handler, whistle, "report", words="来了两人")
    do(client, district.secretary, whistle, "note", words="一同劝导")
    do(client, district.handler, whistle, "finish", words="已整改")
    do(client, district.secretary, whistle, "not-done", words="还有一家")
    do(client, district.handler, whistle, "finish", words="都整改了")
    do(client, district.secretary, whistle, "close", words="结束")
    do(client, district.secretary, whistle, "score", 422, came="yes")
    do(client, district.secretary, whistle, "score", came="yes", solved="yes")
    do(client, district.handler, whistle, "judge", justified="yes")

    page = client.get(reverse("whistle", args=(whistle.pk,))).content.decode()
    assert "来了两人" in page
    assert "The unit says: the call was justified." in page
    client.force_login(district.leader)
    scores = client.get(reverse("whistle_scores"))
    [unit], [caller] = scores.context["units"], scores.context["callers"]
    assert (unit.name, unit.calls, unit.in_time, unit.came, unit.solved, unit.scored) == ("环卫所", 1, 1, 1, 1, 1)
    assert (caller.calls, caller.justified, caller.judged) == (1, 1, 1)


def test_nobody_does_the_other_sides_part_and_what_is_unknown_is_not_there(client, district):
    whistle = blow(district)

    for who, what in (
        (district.secretary, "respond"),
        (district.handler, "close"),
        (district.leader, "note"),
        (district.handler, "check"),
    ):
        do(client, who, whistle, what, 403, words="x", agree="yes")
    do(client, district.stranger, whistle, "respond", 404)
    do(client, district.handler, whistle, "gone", 404)
    do(client, district.handler, whistle, "respond", 404, call="999999")
    do(client, district.handler, whistle, "respond", 404, call="x")
    assert whistle.calls.get().responded_at is None


def test_the_called_unit_has_no_way_to_the_matter_and_the_caller_has(client, district):
    petition = district.petition(timezone.now(), status=Status.SIGNED)
    client.force_login(district.secretary)
    assert petition.title in client.get(reverse("whistle_new"), {"petition": petition.number}).content.decode()
    client.post(reverse("whistle_new"), sent(kind="emergency", units=["HW-001"], petition=petition.number))
    whistle = Whistle.objects.get()
    here = reverse("whistle", args=(whistle.pk,))
    assert petition.number in client.get(here).content.decode()

    client.force_login(district.handler)
    assert petition.number not in client.get(here).content.decode()
    assert client.get(reverse("case", args=(petition.number,))).status_code == 404
    client.force_login(district.stranger)
    assert client.get(reverse("whistle_new"), {"petition": petition.number}).status_code == 404


def test_a_matter_about_staff_is_refused_with_a_word(client, district):
    petition = district.petition(timezone.now(), status=Status.SIGNED)
    Petition.objects.filter(pk=petition.pk).update(barred_from=6)
    client.force_login(district.secretary)

    answer = client.get(reverse("whistle_new"), {"petition": petition.number})

    assert answer.status_code == 409
    assert "not called out to others" in answer.content.decode()


def test_who_was_told_of_a_late_unit_says_that_he_has_seen_it(client, district):
    whistle = blow(district)
    sweep(at=timezone.now() + timedelta(minutes=31))
    escalation = WhistleEscalation.objects.get()
    seen = reverse("whistle_seen", args=(whistle.pk, escalation.pk))
    client.force_login(district.command)
    page = client.get(reverse("whistle", args=(whistle.pk,))).content.decode()
    assert f'action="{seen}"' in page
    assert f"Told: {district.command.display_name}" in page

    client.post(seen)

    assert WhistleEscalation.objects.get().acknowledged_by == district.command


@pytest.mark.parametrize("number", [1, 6])
@pytest.mark.parametrize("who", ["secretary", "handler", "leader"])
def test_the_list_costs_the_same_however_long_it_is(client, district, django_assert_max_num_queries, number, who):
    blow(district, number)
    client.force_login(getattr(district, who))

    with django_assert_max_num_queries(12):
        page = client.get(reverse("whistles"))

    lists = page.context["lists"]
    assert (len(lists.calling), len(lists.under_way)) == ((number, 0) if who == "handler" else (0, number))


@pytest.mark.parametrize("units", [1, 3])
def test_the_page_costs_the_same_however_many_are_called(client, district, django_assert_num_queries, units):
    whistle = blow(district)
    for number in range(units - 1):
        body = type(district.sanitation).objects.create(
            area=district.street, kind="department", name=f"所{number}", code=f"X-{number}"
        )
        whistle.calls.create(organisation=body)
    client.force_login(district.secretary)

    with django_assert_num_queries(11):
        page = client.get(reverse("whistle", args=(whistle.pk,)))

    assert len(page.context["parts"]) == units


# -- calls for help -----------------------------------------------------------------------------------------------


def test_help_is_called_from_the_queue_taken_by_the_first_and_ended_with_a_word(client, district):
    client.force_login(district.worker)
    assert reverse("help_new") in client.get(reverse("grid_queue")).content.decode()
    client.post(reverse("help_new"), sent())
    broadcast = Broadcast.objects.get()
    here = reverse("help", args=(broadcast.pk,))
    assert "I am coming" not in client.get(here).content.decode()

    client.force_login(district.lead)
    assert "I am coming" in client.get(here).content.decode()
    assert client.post(reverse("help_do", args=(broadcast.pk, "take"))).status_code == 302
    client.force_login(district.other_worker)
    late = client.post(reverse("help_do", args=(broadcast.pk, "take")))
    assert late.status_code == 409
    assert "lead was first and is coming" in late.content.decode()

    client.force_login(district.lead)
    assert client.post(reverse("help_do", args=(broadcast.pk, "end")), {"words": ""}).status_code == 422
    client.post(reverse("help_do", args=(broadcast.pk, "end")), {"words": "已开门"})
    assert "已开门" in client.get(here).content.decode()
    assert Broadcast.objects.get().state == "ended"


def test_the_case_offers_both_and_shows_what_was_called(client, district):
    petition = district.petition(timezone.now(), status=Status.SIGNED)
    client.force_login(district.worker)
    case = reverse("case", args=(petition.number,))
    page = client.get(case).content.decode()
    assert f"{reverse('help_new')}?petition={petition.number}" in page
    assert f"{reverse('whistle_new')}?petition={petition.number}" in page

    form = client.get(reverse("help_new"), {"petition": petition.number}).content.decode()
    assert "2单元" in form
    client.post(reverse("help_new"), sent(petition=petition.number))

    assert Broadcast.objects.get().number in client.get(case).content.decode()


def test_the_lists_of_calls_for_help_hold_what_is_mine_to_know(client, district, django_assert_max_num_queries):
    client.force_login(district.worker)
    client.post(reverse("help_new"), sent())
    number = Broadcast.objects.get().number

    for who, there in (("lead", True), ("other_worker", True), ("leader", True), ("stranger", False)):
        client.force_login(getattr(district, who))
        with django_assert_max_num_queries(9):
            page = client.get(reverse("helps")).content.decode()
        assert (number in page) == there, who
    client.force_login(district.stranger)
    assert client.get(reverse("help", args=(Broadcast.objects.get().pk,))).status_code == 404
    client.force_login(district.secretary)
    assert client.get(reverse("help_new")).status_code == 403
