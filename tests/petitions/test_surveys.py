"""Surveys: made by staff, answered on a page, on paper or from a file, counted without small counts."""

import io
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deadlines.timetable import shanghai_date
from grids.enums import PostKind
from petitions import surveys
from petitions.enums import AnswerSource, QuestionKind
from petitions.models import Answer, Petition, Survey, SurveyResponse
from tests.factories import appoint, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LINES = "路灯够亮吗？|够|不够|没有路灯\n*最想要什么？|车位|充电桩\n还有什么要说的？"


@pytest.fixture
def survey(district) -> Survey:
    today = shanghai_date(timezone.now())
    return surveys.make(
        title="路灯问卷", intro="", area=district.community, opens_on=today, closes_on=today, at=timezone.now(),
        questions=[
            surveys.Draft("路灯够亮吗？", QuestionKind.ONE, ("够", "不够", "没有路灯")),
            surveys.Draft("最想要什么？", QuestionKind.MANY, ("车位", "充电桩")),
            surveys.Draft("还有什么要说的？", QuestionKind.WORDS),
        ],
        by=district.as_staff(district.secretary),
    )  # fmt: skip


def fill(survey: Survey, *forms: surveys.Given) -> None:
    surveys.store(survey, [(uuid.uuid4(), one) for one in forms], source=AnswerSource.PAPER, at=timezone.now(), by=None)


def table(*rows: list[object]) -> SimpleUploadedFile:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("paper.xlsx", out.getvalue())


def test_a_secretary_makes_one_and_residents_answer_it_on_a_page(client, district):
    today = shanghai_date(timezone.now()).isoformat()
    client.force_login(district.secretary)
    made = client.post("/surveys/", {
        "title": "路灯问卷", "area": district.community.code, "opens_on": today, "closes_on": today, "questions": LINES,
    })  # fmt: skip
    survey = Survey.objects.get()
    assert (made.status_code, made.url) == (302, f"/surveys/{survey.pk}/")
    assert list(survey.questions.order_by("position").values_list("kind", flat=True)) == ["one", "many", "words"]
    client.logout()

    sent = client.post(f"/survey/{survey.pk}/", {"q1": "1", "q2": ["0", "1"], "q3": "打13800138000找我"})

    assert sent.url == f"/survey/{survey.pk}/thanks/"
    assert client.get(sent.url).status_code == 200
    answers = {row.question.position: row for row in Answer.objects.select_related("question")}
    assert (answers[1].chosen, answers[2].chosen) == ([1], [0, 1])
    assert "13800138000" not in answers[3].masked
    assert answers[3].words == "打13800138000找我"


def test_the_same_form_twice_is_one_form(client, survey):
    given = {"client_key": str(uuid.uuid4()), "q1": "0"}

    client.post(f"/survey/{survey.pk}/", given)
    client.post(f"/survey/{survey.pk}/", given)

    assert (SurveyResponse.objects.count(), Answer.objects.count()) == (1, 1)


@pytest.mark.parametrize("given", [{}, {"q1": "7"}, {"q2": ["x"]}, {"q3": "字" * 1001}, {"q3": "\x00"}])
def test_what_fits_no_question_is_said_and_keeps_nothing(client, survey, given):
    assert client.post(f"/survey/{survey.pk}/", given).status_code == 422
    assert not SurveyResponse.objects.exists()


def test_a_survey_that_is_over_is_gone_and_one_to_come_is_not_there(client, survey):
    Survey.objects.update(opens_on="2025-01-01", closes_on="2025-01-02")
    over = [client.get(f"/survey/{survey.pk}/"), client.post(f"/survey/{survey.pk}/", {"q1": "0"})]
    Survey.objects.update(opens_on="2099-01-01", closes_on="2099-01-02")

    assert [one.status_code for one in over] == [410, 410]
    assert "This survey is over" in over[0].content.decode()
    assert client.get(f"/survey/{survey.pk}/").status_code == 404
    assert client.get("/survey/999999/").status_code == 404
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([10, 20, 30], [10, 20, 30]),
        ([0, 9, 9], [0, 9, 9]),
        ([4, 9, 12], [None, None, 12]),  # by subtraction from the total the 4 would be known
        ([1, 2, 12], [None, None, 12]),
        ([3, 0, 0], [None, 0, 0]),
    ],
)
def test_small_counts_are_left_out_also_by_subtraction(counts, expected):
    assert surveys.shown(counts) == expected


def test_results_count_every_way_in_and_show_no_small_number(client, district, survey):
    fill(survey, *[{1: [0]}] * 6, *[{1: [1]}] * 7, *[{1: [2]}] * 2)
    client.force_login(district.secretary)

    page = client.get(f"/surveys/{survey.pk}/")

    assert [number for _option, number in page.context["results"][0].options] == [None, 7, None]
    assert page.content.decode().count("not shown") >= 2


def test_a_table_of_paper_answers_is_taken_in_once(client, district, survey):
    client.force_login(district.worker)
    rows = [["1", "2", "3"], ["够", "1,2", "楼道灯坏了"], [2, "充电桩", None]]

    for _again in range(2):
        assert client.post(f"/surveys/{survey.pk}/", {"file": table(*rows)}).status_code == 302

    assert SurveyResponse.objects.filter(source="import", by=district.worker).count() == 2
    chosen = Answer.objects.filter(question__kind__in=("one", "many")).order_by("response", "question__position")
    assert list(chosen.values_list("chosen", flat=True)) == [[0], [0, 1], [1], [1]]


def test_one_wrong_row_keeps_the_whole_table_out_and_is_named(client, district, survey):
    client.force_login(district.secretary)

    response = client.post(
        f"/surveys/{survey.pk}/", {"file": table(["1", "2"], ["够", "车位"], ["也许", "9"], ["够", ""])}
    )

    assert response.status_code == 422
    assert response.context["row_errors"] == (
        "Row 3, question 1: “也许” is no answer to it.", "Row 3, question 2: “9” is no answer to it.",
    )  # fmt: skip
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04broken", b"\xff\xfe\xff", b"a,b\n1,2\n", "1,3\n够,好".encode("gb18030")]
)
def test_any_file_is_taken_or_refused_whole(client, district, survey, data):
    client.force_login(district.secretary)

    response = client.post(f"/surveys/{survey.pk}/", {"file": SimpleUploadedFile("paper.csv", data)})

    taken = data.startswith(b"1,3")
    assert response.status_code == (302 if taken else 422)
    assert SurveyResponse.objects.count() == taken


def test_a_paper_form_is_typed_in_by_a_grid_worker(client, district, survey):
    client.force_login(district.worker)

    sent = client.post(f"/surveys/{survey.pk}/paper/", {"q1": "0"})

    assert sent.url == f"/surveys/{survey.pk}/paper/"
    assert SurveyResponse.objects.get().by == district.worker


def test_an_answer_becomes_a_petition_once(client, district, survey):
    fill(survey, {3: "3号楼楼道灯坏了两周。"})
    client.force_login(district.secretary)
    url = f"/surveys/{survey.pk}/answers/{Answer.objects.get().pk}/"

    client.post(url)
    client.post(url)

    petition = Petition.objects.get()
    assert (petition.channel, petition.community, petition.is_anonymous) == ("survey", district.community, True)
    assert petition.filed_by == district.secretary
    assert petition.number in client.get(f"/surveys/{survey.pk}/").content.decode()


def test_an_answer_about_staff_is_out_of_their_sight_once_filed(client, district, survey):
    fill(survey, {3: "窗口工作人员互相推诿，踢皮球。"})
    client.force_login(district.secretary)

    client.post(f"/surveys/{survey.pk}/answers/{Answer.objects.get().pk}/")

    petition = Petition.objects.get()
    assert petition.barred_from == 5
    assert petition.number not in client.get(f"/surveys/{survey.pk}/").content.decode().split("<h1")[1]


@pytest.mark.parametrize("who", ["other_secretary", "stranger", "handler", "head", "administrator", "building head"])
def test_whoever_does_not_serve_there_finds_no_survey(client, district, survey, who):
    """A department and an administrator of the very area serve nobody there: what residents wrote is not for them."""
    appointed = {"administrator": PostKind.SYSTEM_ADMINISTRATOR, "building head": PostKind.BUILDING_HEAD}
    if who in appointed:
        user = make_user(who)
        appoint(user, appointed[who], district.community)
    else:
        user = getattr(district, who)
    client.force_login(user)

    for path in ("", "paper/"):
        assert client.get(f"/surveys/{survey.pk}/{path}").status_code == 404
    assert survey.title not in client.get("/surveys/").content.decode()


def test_a_supervisor_reads_the_counts_and_neither_types_in_nor_files(client, district, survey):
    fill(survey, {3: "3号楼楼道灯坏了两周。"})
    client.force_login(district.supervisor)
    there = f"/surveys/{survey.pk}/"

    statuses = [
        client.get(there).status_code, client.post(there).status_code, client.post(f"{there}paper/").status_code,
        client.post(f"{there}answers/{Answer.objects.get().pk}/").status_code,
    ]  # fmt: skip

    assert statuses == [200, 403, 403, 403]
    assert not Petition.objects.exists()


def test_a_grid_worker_makes_none(client, district):
    client.force_login(district.worker)

    assert client.post("/surveys/", {"title": "x"}).status_code == 403
    assert not Survey.objects.exists()
