"""Reply templates: offered by act, area and category; picked without JavaScript; nothing typed is lost by it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from tablib import Dataset

from grids.errors import ImportRefused
from grids.models import PublicContact
from petitions import guide_data, replies, requests
from petitions.enums import Status
from petitions.models import Category, Petition, ReplyTemplate
from petitions.reply_enums import ReplyUse
from petitions.resources import ReplyTemplateResource
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = date(2026, 6, 9)


@pytest.fixture(autouse=True)
def without_the_starter_list():
    ReplyTemplate.objects.all().delete()


def template(code="T1", use="decline", *, area=None, category="", zh="请打 {办公电话}。", en="", **facts):
    return ReplyTemplate.objects.create(
        code=code,
        use=use,
        area=area,
        category=Category.objects.get(code=category) if category else None,
        name_zh=f"模板{code}",
        text_zh=zh,
        text_en=en,
        valid_from=facts.pop("valid_from", date(2026, 1, 1)),
        **facts,
    )


def test_the_nearest_areas_template_of_a_code_is_offered_and_others_areas_never(district):
    template(position=5)
    near = template(area=district.community, position=5)
    own_code = template("T2", area=district.street, position=1)
    template("T3", area=district.other_community)
    template("T4", use="plan")
    template("T5", valid_to=date(2026, 6, 8))
    petition = district.petition()

    assert list(replies.offered(petition, ReplyUse.DECLINE, on=TODAY)) == [own_code, near]


def test_a_template_of_a_main_group_is_offered_for_its_subjects_only(district):
    template("G1", category="01", use="plan")
    template("G2", category="0803", use="plan")
    petition = district.petition(status=Status.SIGNED, category="0102")

    assert [one.code for one in replies.offered(petition, ReplyUse.PLAN, on=TODAY)] == ["G1"]


def test_the_matter_fills_in_what_it_knows_and_a_gap_is_marked(district):
    PublicContact.objects.create(area=district.street, office_phone="0935-8210000")
    row = template(
        zh="{编号}|{类别}|{期限}|{承办单位}|{社区}|{办公电话}",
        en="{number}|{category}|{due date}|{unit}|{area}|{office phone}",
    )
    petition = district.petition(status=Status.DISPATCHED, organisation=True)
    bare = district.petition(TUESDAY)
    Petition.objects.filter(pk=petition.pk).update(language="en")
    Petition.objects.filter(pk=bare.pk).update(next_due_at=None, language="en")
    petition.refresh_from_db()
    bare.refresh_from_db()

    number, category, due, unit, area, phone = replies.filled(row, petition).split("|")
    assert (number, unit, area, phone) == (petition.number, "环卫所", "龙集里社区", "0935-8210000")
    assert category == petition.category.name_en
    assert due.startswith("9 June 2026 ")
    assert replies.filled(row, bare).split("|")[1:3] == ["[to be filled in: category]", "[to be filled in: due date]"]
    petition.language = "zh-hans"
    with override("en"):  # the language of who writes does not count
        assert replies.filled(row, petition).split("|")[1] == petition.category.name_zh


@pytest.mark.parametrize("word", ["姓名", "phone", "name of the petitioner", ""])
def test_what_is_not_on_the_closed_list_is_no_placeholder(word):
    row = ReplyTemplate(code="T", use="plan", name_zh="x", text_zh=f"您好{{{word}}}", valid_from=TODAY)

    with pytest.raises(ValidationError, match="cannot be filled in"):
        row.full_clean()


def test_the_starter_list_is_whole_and_what_was_reviewed_stays(english):
    first = guide_data.load_replies()
    for row in ReplyTemplate.objects.all():
        row.full_clean()
        assert row.text_en
    ReplyTemplate.objects.filter(code="delay-weather").update(text_zh="我们改过。", to_review=False)

    again = guide_data.load_replies()

    assert (first.added, again.added, again.changed, again.unchanged) == (21, 0, 0, 21)
    assert {row.use for row in ReplyTemplate.objects.all()} == set(ReplyUse.values)
    assert ReplyTemplate.objects.get(code="delay-weather").text_zh == "我们改过。"


def test_a_template_goes_into_the_open_form_behind_what_was_typed_and_nothing_is_done(client, district):
    row = template(zh="第一行。", en="Please call {office phone}.")
    petition = district.petition()
    Petition.objects.filter(pk=petition.pk).update(language="en")
    client.force_login(district.secretary)
    page = client.get(f"/cases/{petition.number}/?do=decline")

    assert [one.pk for one in page.context["replies"]] == [row.pk]
    picked = client.post(
        f"/cases/{petition.number}/decline/",
        {"version": petition.version, "reason": "您好。", "template": row.pk, "insert": "1"},
    )

    assert picked.status_code == 200
    form = picked.context["form"]
    assert form["reason"].value() == "您好。\nPlease call [to be filled in: office phone]."
    assert form["version"].value() == str(petition.version)
    assert Petition.objects.get().status == Status.SUBMITTED
    linked = client.get(f"/cases/{petition.number}/?do=decline&template={row.pk}&reason=x")
    assert linked.context["form"]["reason"].value() == "Please call [to be filled in: office phone]."


def test_a_template_that_is_not_offered_there_does_not_exist(client, district):
    elsewhere = template(area=district.other_community)
    other_act = template("T2", use="plan")
    petition = district.petition()
    client.force_login(district.secretary)

    for pk in (elsewhere.pk, other_act.pk, "1x", "9" * 30):
        answer = client.post(f"/cases/{petition.number}/decline/", {"version": 1, "template": pk, "insert": "1"})
        assert answer.status_code == 404


def test_requests_and_word_on_the_way_begin_with_a_template_and_keep_what_was_typed(client, district):
    extension = template("E1", use="extension", zh="下雨。")
    going = template("F1", use="feedback", zh="正在办。")
    petition = district.petition(status=Status.SIGNED, policy="committed_tier")
    client.force_login(district.worker)

    open_first = client.post(f"/cases/{petition.number}/request/extension/", {"value": "2", "insert": "1"})
    assert list(open_first.context["replies"]) == [extension]
    page = client.post(
        f"/cases/{petition.number}/request/extension/", {"value": "2", "template": extension.pk, "insert": "1"}
    )
    assert (page.context["form"]["value"].value(), page.context["form"]["words"].value()) == ("2", "下雨。")
    assert not petition.extensions.exists()
    word = client.post(
        f"/cases/{petition.number}/after/feedback/", {"kind": "prompt", "template": going.pk, "insert": "1"}
    )
    assert (word.context["form"]["kind"].value(), word.context["form"]["words"].value()) == ("prompt", "正在办。")
    assert requests.holds(district.as_staff(district.worker), petition)
    assert not petition.events.filter(code="feedback").exists()


def test_templates_come_in_from_a_file_whole_or_not_at_all(district):
    heads = ["code", "area_code", "use", "category", "name_zh", "name_en", "text_zh", "text_en", "position",
             "to_review", "valid_from", "valid_to"]  # fmt: skip
    good = ("A1", district.community.code, "plan", "01", "先看", "", "我们先看，{期限} 前告诉您。", "", "", "",
            "2026-01-01", "")  # fmt: skip
    foreign = ("A2", district.other_community.code, *good[2:])
    wrong = ("A3", district.community.code, "plan", "", "先看", "", "{姓名}您好", "", "", "", "2026-01-01", "")
    secretary = district.as_staff(district.secretary)

    with pytest.raises(ImportRefused) as refused:
        ReplyTemplateResource(secretary).import_rows(Dataset(good, foreign, wrong, headers=heads))
    assert [error.row for error in refused.value.errors] == [3, 4]
    assert not ReplyTemplate.objects.exists()

    for _turn in range(2):
        ReplyTemplateResource(secretary).import_rows(Dataset(good, headers=heads))
    row = ReplyTemplate.objects.get()
    assert (row.use, row.category.code, row.position, row.to_review) == ("plan", "01", 100, False)
