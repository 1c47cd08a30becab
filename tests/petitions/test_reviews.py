"""Residents mark the paper (001-32): three ways, weighted; one mark for each resident; few marks are not shown."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deadlines.timetable import shanghai_date
from people.errors import BadInput
from petitions import phones, reviews
from petitions.enums import Mark, ReviewMode, ReviewSubject, Status
from petitions.errors import NotNow, NotYours, OwnWork
from petitions.models import ResidentReview, ReviewVote
from petitions.papers import RULES
from petitions.viewers import ProvedPhone, remember_phone
from tests.petitions.telephone import code_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOME, INVITED, ONLINE = ReviewMode


def staff(district, who="secretary"):
    return district.as_staff(getattr(district, who), shanghai_date(timezone.now()))


@pytest.fixture
def review(district) -> ResidentReview:
    today = shanghai_date(timezone.now())
    return reviews.make(
        title="老旧小区改造", area=district.community, subject=ReviewSubject.PROJECT, project="外墙保温",
        opens_on=today, closes_on=today, weights={HOME: 50, INVITED: 30, ONLINE: 20}, by=staff(district),
        at=timezone.now(),
    )  # fmt: skip


def phone_of(number: int) -> str:
    return f"138{number:08d}"


def mark(district, review, number, value=Mark.GOOD, mode=HOME, *, who="secretary"):
    return reviews.enter(
        review, mode=mode, mark=value, by=staff(district, who), at=timezone.now(), phone=phone_of(number)
    )


def online(review, number, value=Mark.GOOD):
    proved = ProvedPhone(phones.index_of(phone_of(number)))
    return reviews.vote(review, mark=value, at=timezone.now(), phone=proved)


def test_marks_of_three_ways_make_one_score(district, review):
    for number in range(6):
        mark(district, review, number, Mark.VERY_GOOD)
    for number in range(6, 11):
        mark(district, review, number, Mark.FAIR, INVITED)
    for number in range(11, 16):
        online(review, number, Mark.BAD)

    result = reviews.result(review)

    assert [(one.count, one.mean) for one in result.modes] == [
        (6, Decimal("100.0")), (5, Decimal("60.0")), (5, Decimal("20.0")),
    ]  # fmt: skip
    # 50 % of 100, 30 % of 60, 20 % of 20
    assert (result.score, result.count, result.is_small, result.may_show_modes) == (Decimal("72.0"), 16, False, True)


def test_a_way_that_nobody_used_does_not_count(district, review):
    mark(district, review, 1, Mark.VERY_GOOD)
    mark(district, review, 2, Mark.FAIR, INVITED)

    # 50 of 80 count 100, 30 of 80 count 60
    result = reviews.result(review)

    assert (result.score, result.is_small, result.may_show_modes) == (Decimal("85.0"), True, False)
    assert reviews.result(ResidentReview(pk=0, weight_home=1, weight_invited=1, weight_online=98)).score is None


def test_each_resident_counts_once_across_all_ways(district, review):
    [code] = reviews.make_codes(review, count=1, by=staff(district), at=timezone.now())
    mark(district, review, 7)

    with pytest.raises(NotNow):
        mark(district, review, 7, mode=INVITED)
    with pytest.raises(NotNow):
        online(review, 7)
    reviews.vote(review, mark=Mark.POOR, at=timezone.now(), code=f" {code.lower()[:4]}-{code.lower()[4:]} ")
    with pytest.raises(NotNow):
        reviews.enter(review, mode=HOME, mark=Mark.GOOD, by=staff(district), at=timezone.now(), code=code)

    assert sorted(ReviewVote.objects.values_list("mode", "mark")) == [("home", 80), ("online", 40)]
    assert review.codes.get().digest != code.encode()


def test_a_voter_is_another_in_every_review(district, review):
    other = ResidentReview.objects.get(pk=review.pk)
    other.pk = None
    other.save()

    assert bytes(mark(district, review, 7).voter) != bytes(mark(district, other, 7).voter)


@pytest.mark.parametrize("given", [{"code": "AAAAAAAA"}, {"phone": "123"}, {"phone": ""}])
def test_without_a_proof_nothing_is_kept(district, review, given):
    with pytest.raises(BadInput):
        reviews.enter(review, mode=HOME, mark=Mark.GOOD, by=staff(district), at=timezone.now(), **given)
    assert not ReviewVote.objects.exists()


def test_who_does_not_serve_there_types_in_nothing(district, review):
    for who in ("other_secretary", "stranger", "handler", "supervisor"):
        with pytest.raises(NotYours):
            mark(district, review, 1, who=who)
    mark(district, review, 1, who="worker")


def test_nobody_takes_down_marks_of_his_own_work(district):
    today = shanghai_date(timezone.now())
    petition = district.petition(timezone.now() - timedelta(days=1), status=Status.CLOSED)
    made = reviews.make(
        title="垃圾清运", area=district.community, subject=ReviewSubject.MATTER, petition=petition, opens_on=today,
        closes_on=today, weights=reviews.WEIGHTS, by=staff(district), at=timezone.now(),
    )  # fmt: skip

    with pytest.raises(OwnWork):
        mark(district, made, 1, who="worker")
    mark(district, made, 1, who="secretary")


def test_only_a_closed_matter_that_may_be_known_is_marked(district):
    today = shanghai_date(timezone.now())
    common = {
        "title": "x", "area": district.community, "subject": ReviewSubject.MATTER, "opens_on": today,
        "closes_on": today, "weights": reviews.WEIGHTS, "by": staff(district), "at": timezone.now(),
    }  # fmt: skip
    for petition in (
        district.petition(timezone.now(), status=Status.RESOLVED),
        district.petition(timezone.now(), status=Status.CLOSED, confidential=True),
    ):
        with pytest.raises(NotNow):
            reviews.make(petition=petition, **common)
    with pytest.raises(BadInput):
        reviews.make(petition=None, **common)
    assert not ResidentReview.objects.exists()


def form(district, **given):
    today = shanghai_date(timezone.now()).isoformat()
    return {
        "title": "物业服务", "area": district.community.code, "subject": "project", "project": "停车位",
        "opens_on": today, "closes_on": today, "weight_home": "40", "weight_invited": "30", "weight_online": "30",
        **given,
    }  # fmt: skip


def test_a_secretary_makes_one_on_the_page(client, district):
    client.force_login(district.secretary)

    made = client.post("/reviews/", form(district))

    review = ResidentReview.objects.get()
    assert made.url == f"/reviews/{review.pk}/"
    assert (review.project, review.weight_home, review.made_by) == ("停车位", 40, district.secretary)


@pytest.mark.parametrize(
    "given",
    [{"weight_home": "50"}, {"project": ""}, {"subject": "unit"}, {"subject": "matter", "number": "PX1"},
     {"closes_on": "2020-01-01"}, {"title": ""}, {"weight_home": "-1"}, {"area": "x"}],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_made(client, district, given):
    client.force_login(district.secretary)

    assert client.post("/reviews/", form(district, **given)).status_code == 422
    assert not ResidentReview.objects.exists()


def test_a_worker_types_in_a_mark_and_makes_no_review(client, district, review):
    client.force_login(district.worker)

    assert client.post("/reviews/", form(district)).status_code == 403
    given = {"mode": "home", "mark": "80", "phone": "13800138000"}
    assert client.post(f"/reviews/{review.pk}/", given).url == f"/reviews/{review.pk}/"
    assert client.post(f"/reviews/{review.pk}/", given).status_code == 409
    assert client.post(f"/reviews/{review.pk}/", {"mode": "online", "mark": "80"}).status_code == 422
    assert client.post(f"/reviews/{review.pk}/codes/", {"count": "5"}).status_code == 403
    assert ReviewVote.objects.get().by == district.worker


def test_codes_are_shown_once_and_never_too_many(client, district, review):
    client.force_login(district.secretary)

    made = client.post(f"/reviews/{review.pk}/codes/", {"count": "3"})

    assert len(set(made.context["codes"])) == 3
    assert made.context["codes"][0] not in client.get(f"/reviews/{review.pk}/").content.decode()
    assert client.post(f"/reviews/{review.pk}/codes/", {"count": "498"}).status_code == 422
    assert review.codes.count() == 3


def test_a_stranger_finds_no_review(client, district, review):
    for who in ("other_secretary", "stranger"):
        client.force_login(getattr(district, who))
        assert client.get(f"/reviews/{review.pk}/").status_code == 404
        assert review.title not in client.get("/reviews/").content.decode()


def test_a_resident_marks_with_a_code_on_paper(client, district, review):
    [code] = reviews.make_codes(review, count=1, by=staff(district), at=timezone.now())
    url = f"/review/{review.pk}/"
    assert client.get(url).status_code == 200

    wrong = client.post(url, {"code": "WWWWWWWW", "mark": "80", "step": "vote"})
    missing = client.post(url, {"code": code, "step": "vote"})
    sent = client.post(url, {"code": code, "mark": "80", "step": "vote"})
    again = client.post(url, {"code": code, "mark": "20", "step": "vote"})

    assert (wrong.status_code, missing.status_code, again.status_code) == (422, 422, 409)
    assert sent.url == f"/review/{review.pk}/thanks/"
    assert client.get(sent.url).status_code == 200
    assert list(ReviewVote.objects.values_list("mode", "mark", "by")) == [("online", 80, None)]


@pytest.mark.usefixtures("sent_at_once")
def test_a_resident_marks_with_a_telephone_we_have_never_heard_of(client, gateway, review):
    url = f"/review/{review.pk}/"

    asked = client.post(url, {"step": "phone", "phone": "13900139009"})
    client.post(url, {"step": "prove", "code": code_in(gateway)})
    sent = client.post(url, {"step": "vote", "mark": "100"})

    assert asked.url == url
    assert sent.url == f"{url}thanks/"
    assert client.post(url, {"step": "vote", "mark": "20"}).status_code == 409
    assert ReviewVote.objects.get().mark == 100


def test_a_proved_telephone_marks_at_once(client, review):
    session = client.session
    until = int(timezone.now().timestamp()) + 600
    remember_phone(session, ProvedPhone(phones.index_of(phone_of(3)), until))
    session.save()

    assert client.get(f"/review/{review.pk}/").context["proved"] is True
    assert client.post(f"/review/{review.pk}/", {"step": "vote", "mark": "60"}).status_code == 302
    assert ReviewVote.objects.get().mark == 60


def close(review):
    yesterday = shanghai_date(timezone.now()) - timedelta(days=1)
    ResidentReview.objects.filter(pk=review.pk).update(opens_on=yesterday, closes_on=yesterday)


def test_the_result_stands_on_the_page_afterwards(client, district, review):
    for number in range(5):
        mark(district, review, number, Mark.VERY_GOOD)
    close(review)

    page = client.get(f"/review/{review.pk}/")

    assert "100.0" in page.content.decode()
    assert client.post(f"/review/{review.pk}/", {"step": "vote", "mark": "20"}).status_code == 200
    assert ReviewVote.objects.count() == 5


def test_few_marks_are_not_shown_nor_found_by_subtraction(client, district, review):
    for number in range(4):
        mark(district, review, number, Mark.VERY_GOOD)
    close(review)
    assert "100.0" not in client.get(f"/review/{review.pk}/").content.decode()
    for number in range(4, 9):
        mark(district, review, number, Mark.FAIR, INVITED)

    page = client.get(f"/review/{review.pk}/").content.decode()

    # 50 of 80 count 100, 30 of 80 count 60; four at the door would be found from the rest
    assert ("85.0" in page, "60.0" in page, "100.0" in page) == (True, False, False)


def test_what_has_not_begun_is_not_found(client, district, review):
    tomorrow = shanghai_date(timezone.now()) + timedelta(days=1)
    ResidentReview.objects.update(opens_on=tomorrow, closes_on=tomorrow)

    assert client.get(f"/review/{review.pk}/").status_code == 404
    assert client.get("/review/999999/").status_code == 404
    with pytest.raises(NotNow):
        mark(district, ResidentReview.objects.get(), 1)


def test_the_database_refuses_other_weights_and_a_second_mark(district, review):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResidentReview.objects.update(weight_home=60)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResidentReview.objects.update(subject="unit")
    first = mark(district, review, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewVote.objects.create(review=review, mode="online", mark=20, voter=first.voter, at=timezone.now())


def test_after_a_year_nobody_can_tell_who_marked(district, review):
    row = mark(district, review, 1)
    [rule] = [one for one in RULES if one.name == "petitions.review_votes"]
    later = timezone.now() + timedelta(days=367)
    assert list(rule.due(later)) == [row]

    assert rule.end(row.pk, later)

    row.refresh_from_db()
    assert (row.voter, row.mark) == (None, 80)


@pytest.mark.parametrize("count", [1, 6])
def test_the_public_page_costs_the_same_however_many_marked(
    client, district, review, count, django_assert_max_num_queries
):
    for number in range(count):
        mark(district, review, number)
    close(review)

    with django_assert_max_num_queries(8):
        client.get(f"/review/{review.pk}/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_days_stay_in_the_form_in_either_language(client, district, settings, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(district.secretary)
    today = f"{shanghai_date(timezone.now()):%Y-%m-%d}"

    empty = client.get("/reviews/").content.decode()
    refused = client.post("/reviews/", form(district, title="", period_from="2026-01-31"))

    assert f'name="opens_on" value="{today}"' in empty
    assert refused.status_code == 422
    assert 'name="period_from" value="2026-01-31"' in refused.content.decode()
