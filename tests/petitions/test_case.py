"""The case page: what each post sees of a matter, and what it costs."""

import io
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from deadlines.sweep import sweep
from people.models import RevealLog
from petitions import services, transitions
from petitions.enums import Channel, PhotoKind, Status, Verb
from petitions.models import Petition, PetitionEvent
from tests.factories import TUESDAY
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def case_url(petition: Petition) -> str:
    return f"/cases/{petition.number}/"


def see(client, user, petition, **query):
    client.force_login(user)
    return client.get(case_url(petition), query)


def offered(client, user, petition) -> list[str]:
    return [str(verb) for verb in see(client, user, petition).context["file"].verbs]


# -- scope ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("worker", 200), ("lead", 200), ("secretary", 200), ("window", 200), ("dispatcher", 200), ("leader", 200),
        ("supervisor", 200), ("command", 200),
        ("other_worker", 404), ("other_secretary", 404), ("stranger", 404), ("handler", 404), ("head", 404),
        ("duty", 404),
    ],
)  # fmt: skip
def test_a_case_is_seen_by_the_posts_it_lies_under_and_does_not_exist_for_others(client, district, who, status):
    petition = district.petition(status=Status.DISPATCHED)

    response = see(client, getattr(district, who), petition)

    assert response.status_code == status
    assert (petition.title in response.content.decode()) == (status == 200)


def test_a_unit_sees_what_it_handles(client, district):
    petition = district.petition(status=Status.DISPATCHED, organisation=True)

    assert see(client, district.handler, petition).status_code == 200
    assert see(client, district.head, petition).status_code == 200


def test_a_resident_is_sent_to_sign_in(client, district):
    petition = district.petition()

    response = client.get(case_url(petition))

    assert response.status_code == 302
    assert response["Location"] == f"/login/?next={case_url(petition)}"


def test_an_unknown_number_is_not_found(client, district):
    client.force_login(district.command)

    assert client.get("/cases/PX202606090099999/").status_code == 404


# -- what the page says ----------------------------------------------------------------------------------------


def test_the_page_shows_words_place_reporter_clocks_and_history_masked(client, district):
    petition = district.petition(status=Status.IN_PROGRESS, text="垃圾桶满了，我的电话13800138000。")

    response = see(client, district.worker, petition)

    page = response.content.decode()
    assert "垃圾桶满了，我的电话138****8000。" in page
    assert "常** 138****8000" in page
    assert "13800138000" not in page
    assert "常小红" not in page
    assert [area.name for area in response.context["file"].place] == [
        "滨河路街道", "龙集里社区", "第一网格", "3号楼", "2单元",
    ]  # fmt: skip
    assert [entry.label for entry in response.context["file"].history] == [
        "Arrived on the scene", "Taken", "Dispatched", "Accepted", "Filed",
    ]  # fmt: skip
    assert "Why this date" in page
    assert "no-store" in response["Cache-Control"]


def test_the_history_says_to_whom_and_shows_notes_for_staff(client, district):
    petition = district.petition(status=Status.ACCEPTED)
    transitions.dispatch(
        petition,
        by=district.as_staff(district.secretary),
        at=TUESDAY + timedelta(hours=1),
        handler=district.worker,
        note="先去看一下",
    )

    response = see(client, district.worker, petition)

    dispatched = response.context["file"].history[0]
    assert dispatched.detail == "to worker"
    assert (dispatched.text.masked, dispatched.text.public) == ("先去看一下", False)
    assert "For staff only" in response.content.decode()


def test_an_escalation_says_who_was_told(client, district):
    petition = district.petition(status=Status.DISPATCHED)
    sweep(at=TUESDAY + timedelta(days=5))

    history = see(client, district.secretary, petition).context["file"].history

    escalations = [entry for entry in history if entry.event.code == "escalated"]
    assert escalations
    assert all(entry.told for entry in escalations)
    assert {name for entry in escalations for name in entry.told} <= {
        "worker", "lead", "secretary", "window", "dispatcher", "leader", "command",
    }  # fmt: skip
    assert any("secretary" in entry.told for entry in escalations)


def test_a_clock_kept_and_a_clock_missed_are_told_apart(client, district):
    petition = district.petition(status=Status.ACCEPTED)
    worker = district.as_staff(district.worker)
    transitions.sign(petition, by=worker, at=TUESDAY + timedelta(minutes=10))
    transitions.arrive(petition, by=worker, at=TUESDAY + timedelta(days=1))
    transitions.resolve(petition, by=worker, at=TUESDAY + timedelta(days=1, hours=1), reply="已清运。")

    lines = see(client, district.secretary, petition).context["file"].clocks

    assert {line.clock.stage.code: line.standing for line in lines} == {
        "triage": "kept", "accept": "kept", "arrive": "late", "resolve": "kept", "verify": "late",
    }  # fmt: skip


@pytest.mark.parametrize("more", [0, 1, 12])
def test_the_page_costs_the_same_however_much_has_happened(client, district, django_assert_num_queries, more):
    petition = district.petition(status=Status.IN_PROGRESS)
    worker = district.as_staff(district.worker)
    for step in range(more):
        transitions.plan(petition, by=worker, at=TUESDAY + timedelta(hours=1, minutes=step), words="明天换新桶。")
    see(client, district.worker, petition)

    # session, user, posts held, stood in for; petition; words, photos, clocks, timetable (2), events, place,
    # escalations, people told; what is asked and ordered about it (4); what came after it was done (5); returns,
    # from when the holder may return it (3), who stepped back, what was asked above (2); unread notices
    with django_assert_num_queries(29):
        client.get(case_url(petition))


# -- what may be done: the bar shows what is lawful and permitted, likeliest first -------------------------------


@pytest.mark.parametrize(
    ("who", "status", "verbs"),
    [
        ("secretary", Status.SUBMITTED, ["accept", "decline"]),
        ("window", Status.SUBMITTED, ["accept"]),
        ("worker", Status.SUBMITTED, []),
        ("supervisor", Status.SUBMITTED, []),
        ("worker", Status.ACCEPTED, ["sign"]),
        ("secretary", Status.ACCEPTED, ["dispatch", "sign", "designate"]),
        ("worker", Status.DISPATCHED, ["sign"]),
        ("lead", Status.DISPATCHED, ["sign", "dispatch", "recall"]),
        ("worker", Status.SIGNED, ["arrive", "contact", "plan", "resolve"]),
        ("worker", Status.IN_PROGRESS, ["resolve", "plan", "contact", "arrive"]),
        ("dispatcher", Status.IN_PROGRESS, ["dispatch", "designate"]),
        ("worker", Status.RESOLVED, []),
        ("secretary", Status.RESOLVED, ["verify", "rework"]),
        ("supervisor", Status.RESOLVED, ["verify", "rework"]),
        ("secretary", Status.VERIFIED, ["close", "rework"]),
        ("window", Status.VERIFIED, []),
        ("secretary", Status.CLOSED, []),
        ("command", Status.CLOSED, []),
    ],
)
def test_each_post_is_offered_what_is_lawful_and_permitted_likeliest_first(client, district, who, status, verbs):
    petition = district.petition(status=status)

    assert offered(client, getattr(district, who), petition) == verbs


def test_who_handled_it_is_told_why_he_may_not_check_it(client, district):
    petition = district.petition(status=Status.ACCEPTED)
    secretary = district.as_staff(district.secretary)
    transitions.sign(petition, by=secretary, at=TUESDAY)
    transitions.resolve(petition, by=secretary, at=TUESDAY, reply="已清运。")

    response = see(client, district.secretary, petition)

    assert response.context["file"].verbs == ()
    assert "somebody else has to verify it" in response.content.decode()


def test_the_bar_shows_three_and_keeps_the_rest_under_more(client, district):
    petition = district.petition(status=Status.SIGNED)

    page = see(client, district.worker, petition).content.decode()

    bar = page[page.index('class="l-actions') :]
    first, rest = bar.split('<details class="l-more">')
    assert [verb for verb in Verb.values if f"{case_url(petition)}{verb}/" in first or f"do={verb}#" in first] == [
        "contact", "arrive", "plan",
    ]  # fmt: skip
    assert "do=resolve#" in rest


def test_a_form_opens_on_the_page_and_as_a_part_of_it(client, district):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)

    whole = client.get(case_url(petition), {"do": "plan"})
    part = client.get(case_url(petition), {"do": "plan"}, headers={"HX-Request": "true"})

    assert "What will be done, and by when?" in whole.content.decode()
    assert part.content.decode().lstrip().startswith('<article class="l-case" id="case">')
    assert "What will be done, and by when?" in part.content.decode()
    assert "HX-Request" in whole["Vary"]


@pytest.mark.parametrize("do", ["verify", "close", "sign", "place", "nonsense", "accept"])
def test_no_form_opens_for_what_is_not_possible(client, district, do):
    petition = district.petition(status=Status.IN_PROGRESS)

    response = see(client, district.worker, petition, do=do)

    assert response.status_code == 200
    assert response.context["form"] is None


def test_reading_a_case_changes_nothing(client, district):
    petition = district.petition(status=Status.SIGNED)
    events = PetitionEvent.objects.count()

    for do in ("", "plan", "resolve", "reveal"):
        see(client, district.worker, petition, do=do)

    petition_now = Petition.objects.get(pk=petition.pk)
    assert (petition_now.status, petition_now.version) == (petition.status, petition.version)
    assert PetitionEvent.objects.count() == events
    assert not RevealLog.objects.exists()


def test_the_card_opened_in_place_shows_words_photos_and_place(client, district):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)

    part = client.get(f"{case_url(petition)}brief/", headers={"HX-Request": "true"}).content.decode()
    whole = client.get(f"{case_url(petition)}brief/")

    assert "味道很大" in part
    assert "常** 138****8000" in part
    assert "<html" not in part
    assert (whole.status_code, whole["Location"]) == (302, case_url(petition))
    client.force_login(district.other_worker)
    assert client.get(f"{case_url(petition)}brief/", headers={"HX-Request": "true"}).status_code == 404


# -- the reporter ------------------------------------------------------------------------------------------------


def reveal(client, user, petition, **data):
    client.force_login(user)
    return client.post(f"{case_url(petition)}reveal/", {"field": "phone", "reason": "约上门时间", **data})


def test_a_reveal_with_a_reason_shows_the_value_once_and_is_written_down(client, district):
    petition = district.petition(status=Status.SIGNED)

    response = reveal(client, district.worker, petition)

    page = response.content.decode()
    assert response.status_code == 200
    assert "13800138000" in page
    assert 'href="tel:13800138000"' in page
    assert "no-store" in response["Cache-Control"]
    log = RevealLog.objects.get()
    assert (log.by, log.field, log.reason, log.about) == (
        district.worker, "phone", "约上门时间", f"petition:{petition.number}",
    )  # fmt: skip
    assert "13800138000" not in see(client, district.worker, petition).content.decode()


@pytest.mark.parametrize("reason", ["", "  ", "x"])
def test_without_a_reason_nothing_is_revealed(client, district, reason):
    petition = district.petition(status=Status.SIGNED)

    response = reveal(client, district.worker, petition, reason=reason)

    assert response.status_code == 422
    assert "13800138000" not in response.content.decode()
    assert not RevealLog.objects.exists()


def test_a_field_that_was_never_given_cannot_be_revealed(client, district):
    petition = district.petition(status=Status.SIGNED)

    assert reveal(client, district.worker, petition, field="email").status_code == 422
    assert reveal(client, district.worker, petition, field="phone_index").status_code == 422
    assert not RevealLog.objects.exists()


@pytest.mark.parametrize("who", ["other_worker", "other_secretary", "stranger", "handler"])
def test_out_of_scope_there_is_nobody_to_reveal(client, district, who):
    petition = district.petition(status=Status.SIGNED)

    assert reveal(client, getattr(district, who), petition).status_code == 404
    assert not RevealLog.objects.exists()


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("secretary", True), ("dispatcher", True),
        ("worker", False), ("lead", False), ("window", False), ("handler", False), ("head", False), ("leader", False),
        ("supervisor", False), ("command", False),
    ],
)  # fmt: skip
def test_a_confidential_reporter_is_known_to_secretary_and_dispatcher_alone(client, district, who, allowed):
    petition = district.petition(status=Status.DISPATCHED, organisation=True, confidential=True)
    user = getattr(district, who)

    page = see(client, user, petition)
    response = reveal(client, user, petition)

    assert ("常**" in page.content.decode()) == allowed
    assert ("138****8000" in page.content.decode()) == allowed
    assert "Confidential" in page.content.decode()
    assert response.status_code == (200 if allowed else 403)
    assert ("13800138000" in response.content.decode()) == allowed
    assert RevealLog.objects.count() == int(allowed)


def test_a_category_that_hides_reporters_hides_this_one(client, district):
    petition = district.petition(status=Status.ACCEPTED)
    petition.category.reporter_hidden = True
    petition.category.save(update_fields=["reporter_hidden"])

    assert "常**" not in see(client, district.worker, petition).content.decode()
    assert reveal(client, district.worker, petition).status_code == 403
    assert "常**" in see(client, district.secretary, petition).content.decode()


def test_nobody_can_be_revealed_where_nobody_left_a_contact(client, district):
    petition = district.petition(status=Status.SIGNED, phone="", anonymous=True)

    response = reveal(client, district.worker, petition)

    assert response.status_code == 422
    assert "Raised without a name." in see(client, district.worker, petition).content.decode()


def test_a_reveal_is_never_a_get(client, district):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)

    assert client.get(f"{case_url(petition)}reveal/").status_code == 405


# -- dates, photos, channel --------------------------------------------------------------------------------------


def test_the_page_says_when_it_is_due_as_the_end_of_a_day_and_not_as_midnight(client, district):
    at = timezone.now() - timedelta(minutes=30)
    petition = district.petition(at, status=Status.ACCEPTED, policy="committed_tier", category="0103")

    page = see(client, district.secretary, petition).content.decode()

    assert "end of the day" in page
    assert not re.search(r"Due [^<]* 00:00", page)
    assert not re.search(r'title="[^"]* 00:00', page)


def test_filed_photos_and_channel_are_shown(client, district):
    filed = services.file(
        text="路灯不亮。",
        at=TUESDAY,
        client_key=uuid.uuid4(),
        place=district.unit,
        channel=Channel.QR,
        uploads=[io.BytesIO(phone_photo())],
    )

    file = see(client, district.secretary, filed.petition).context["file"]

    assert [photo.kind for photo in file.photos] == [PhotoKind.FILED]
    assert file.history[-1].detail == "Building QR code"
