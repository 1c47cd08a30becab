"""Mediation of disputes (003a-21, 000-49): only quarrels, one at a time, by who may; settled ÷ tried."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from people.errors import BadInput
from petitions import mediating, rollups
from petitions.dispute_enums import AgreementForm, Dispute, MediationResult
from petitions.enums import EventCode, IssueKind, Status
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import Category, Mediation, Petition, PetitionEvent, PetitionText
from petitions.periods import Period
from petitions.rates import Rate
from tests.factories import SHANGHAI, TUESDAY

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 6, 30, 23, 0, tzinfo=SHANGHAI)
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), "2026-06")
LATER = TUESDAY + timedelta(hours=3)


def quarrel(district, *, status=Status.ACCEPTED):
    petition = district.petition(status=status)
    Petition.objects.filter(pk=petition.pk).update(category=Category.objects.get(code="0901"))
    return Petition.objects.select_related("category").get(pk=petition.pk)


def begin(district, petition, by=None, dispute=Dispute.NEIGHBOURS):
    return mediating.begin(petition, by=district.as_staff(by or district.worker), at=TUESDAY, dispute=dispute)


def end(district, petition, result=MediationResult.SETTLED, **given):
    given = {"agreement": AgreementForm.WRITTEN if result == MediationResult.SETTLED else None, **given}
    return mediating.end(
        petition,
        by=district.as_staff(district.secretary),
        at=LATER,
        result=result,
        words="双方同意晚十点后不施工。",
        **given,
    )


def test_a_dispute_is_mediated_once_at_a_time_and_its_history_says_so(district):
    petition = quarrel(district)

    begun = begin(district, petition)
    with pytest.raises(NotNow):
        begin(district, petition)
    ended = end(district, petition, perform_by=date(2026, 6, 20))

    assert (ended.pk, ended.result, ended.agreement, ended.mediator) == (
        begun.pk,
        "settled",
        "written",
        district.worker,
    )
    events = PetitionEvent.objects.filter(petition=petition, code__in=("mediation", "mediated")).order_by("id")
    assert [(event.code, event.by) for event in events] == [
        (EventCode.MEDIATION, district.worker), (EventCode.MEDIATED, district.secretary),
    ]  # fmt: skip
    # what was agreed is for staff alone, and ends with the other words of the matter
    assert PetitionText.objects.get(pk=ended.words_id).public is False
    begin(district, petition)
    assert Mediation.objects.count() == 2


def test_only_a_quarrel_is_mediated(district):
    with pytest.raises(NotNow):
        begin(district, district.petition(status=Status.ACCEPTED))
    with pytest.raises(NotNow):
        begin(district, quarrel(district, status=Status.CLOSED))
    said = district.petition(status=Status.ACCEPTED)
    Petition.objects.filter(pk=said.pk).update(issue_kind=IssueKind.MEDIATION)

    begin(district, Petition.objects.get(pk=said.pk))

    assert Mediation.objects.count() == 1


@pytest.mark.parametrize("who", ["supervisor", "handler", "command"])
def test_other_posts_do_not_mediate_and_nothing_changes(district, who):
    petition = quarrel(district)

    with pytest.raises(NotYours):
        begin(district, petition, by=getattr(district, who))

    assert not Mediation.objects.exists()


def test_a_settled_one_says_how_the_agreement_stands_and_no_day_that_is_over(district):
    petition = quarrel(district)
    with pytest.raises(NotNow):
        end(district, petition)
    begin(district, petition)

    with pytest.raises(BadInput):
        end(district, petition, agreement=None)
    with pytest.raises(BadInput):
        end(district, petition, perform_by=date(2026, 6, 8))
    with pytest.raises(WordsMissing):
        mediating.end(
            petition, by=district.as_staff(district.worker), at=LATER, result=MediationResult.FAILED, words=" "
        )

    assert Mediation.objects.get().ended_at is None


@pytest.fixture
def tried(district):
    """Four settled, one not, one withdrawn, one of May."""
    results = [MediationResult.SETTLED] * 4 + [MediationResult.FAILED, MediationResult.WITHDRAWN]
    for at, result in enumerate(results):
        petition = quarrel(district)
        begin(district, petition, dispute=Dispute.FAMILY if at < 2 else Dispute.NEIGHBOURS)
        end(district, petition, result)
    may = Mediation.objects.order_by("pk")[0]
    Mediation.objects.filter(pk=may.pk).update(
        begun_at=TUESDAY - timedelta(days=31), ended_at=TUESDAY - timedelta(days=30)
    )
    rollups.count_new(at=NIGHT)


def test_the_success_rate_is_settled_out_of_what_was_tried(district, tried):
    """003a-21: success_rate; what a side withdrew is in neither count."""
    assert mediating.success_rate(district.community, period=JUNE) == Rate(3, 4)
    assert mediating.success_rate(district.other_community, period=JUNE) == Rate(0, 0)
    assert Rate(1686, 1688).percent == 99.8

    found = mediating.disputes(district.street, period=JUNE)

    assert {line.code: line.success for line in found.lines if line.success.denominator} == {
        "family": Rate(1, 1), "neighbours": Rate(2, 3),
    }  # fmt: skip
    assert (found.total, found.received) == (Rate(3, 4), 6)
    cases = mediating.cases(Petition.objects.all(), district.street, period=JUNE)
    assert (
        cases.count(),
        mediating.cases(Petition.objects.all(), district.street, period=JUNE, only_failed=True).count(),
    ) == (4, 1)


def test_the_page_of_disputes_opens_its_cases(client, district, tried, django_assert_max_num_queries):
    client.force_login(district.secretary)
    with django_assert_max_num_queries(10):
        page = client.get(reverse("admin:figures_mediation"), {"period": "2026-06", "kind": "neighbours"})

    assert page.context["disputes"].total == Rate(3, 4)
    assert len(page.context["cases"]) == 3
    assert client.get(reverse("admin:figures_mediation"), {"area": district.street.code}).status_code == 404


def test_a_mediator_records_it_on_the_case_page(client, district):
    petition = quarrel(district)
    client.force_login(district.worker)
    begins, ends = (reverse("case_after", args=[petition.number, what]) for what in ("mediation", "mediated"))

    assert begins in client.get(reverse("case", args=[petition.number])).content.decode()
    assert client.post(begins, {}).status_code == 422
    assert client.post(begins, {"dispute": "neighbours"}).status_code == 302
    assert ends in client.get(reverse("case", args=[petition.number])).content.decode()
    lost = client.post(ends, {"result": "settled", "words": "已谈妥"})
    assert lost.status_code == 422
    assert "已谈妥" in lost.content.decode()
    assert client.post(ends, {"result": "settled", "agreement": "oral", "words": "已谈妥"}).status_code == 302

    assert Mediation.objects.get().agreement == "oral"
