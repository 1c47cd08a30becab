"""``manage.py first_run``: a real district from nothing, all or nothing, and again without change."""

import stat
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from config import first_run
from deadlines.models import CalendarYear, Policy
from grids.enums import PostKind
from grids.errors import ImportRefused
from grids.models import Appointment, Area, DutyMember, Organisation, Post
from grids.posts import holders, staff_for
from people.errors import BadInput, NotAllowedNow
from people.models import User

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 9)
AREAS = """code,name,level,parent_code
62,甘肃省,province,
6203,金昌市,city,62
620302,金川区,district,6203
620302001,滨河路街道,street,620302
620302001001,龙集里社区居委会,community,620302001
620302001001001,第一网格,grid,620302001001
620303,别的区,district,6203
"""
ORGANISATIONS = "code,name,kind,area_code\nHW-1,环卫所,department,620302001\n"
STAFF = """username,name,email,area_code,kind,organisation_code,starts_on,duty
wang,王芳,wang@example.org,620302001001,community_secretary,,2026-01-01,
li,李强,,620302001001001,grid_worker,,,
zhao,赵敏,,620302001001001,grid_worker,,,
wang,王芳,wang@example.org,620302001001001,grid_lead,,,
sun,孙丽,,620302001,department_handler,HW-1,,
chen,陈刚,,620302,district_command,,,1
"""
PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("FIRST_ADMIN_PASSWORD", PASSWORD)
    given = {"areas": AREAS, "organisations": ORGANISATIONS, "staff": STAFF}
    for name, text in given.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def run(files, **options) -> None:
    call_command(
        "first_run",
        **{
            "admin": "root",
            "areas": [files / "areas.csv"],
            "serve": "620302",
            "organisations": files / "organisations.csv",
            "staff": files / "staff.csv",
            "passwords": files / "passwords.txt",
            "noinput": True,
            "verbosity": 0,
            **options,
        },
    )


def test_a_district_stands_with_its_people_after_one_command(files):
    run(files)

    served = Area.objects.served().order_by("level").values_list("code", flat=True)
    assert list(served) == ["620302", "620302001", "620302001001", "620302001001001"]
    grid = Area.objects.get(code="620302001001001")
    today = Appointment.objects.order_by("-starts_on").first().starts_on
    assert [user.display_name for user in holders(grid, PostKind.GRID_WORKER, today)] == ["李强", "赵敏"]
    assert Post.objects.get(area=grid, kind=PostKind.GRID_WORKER).seats == 2
    assert Appointment.objects.get(user__username="sun").post.organisation.name == "环卫所"
    assert Appointment.objects.get(post__kind="community_secretary").starts_on == date(2026, 1, 1)
    assert [member.user.username for member in DutyMember.objects.at(today)] == ["chen"]
    assert Policy.objects.filter(key="intake").exists()
    assert CalendarYear.objects.filter(year=2026, confirmed=True).exists()


def test_the_first_administrator_opens_with_the_password_given_and_holds_that_post(files):
    run(files)

    root = User.objects.get(username="root")
    held = staff_for(root, Appointment.objects.get(user=root).starts_on)
    assert (root.is_superuser, root.is_staff, root.check_password(PASSWORD)) == (True, True, True)
    assert [(each.kind, each.area_id) for each in held.holdings] == [
        (PostKind.SYSTEM_ADMINISTRATOR, Area.objects.get(code="620302").pk)
    ]


def test_first_passwords_are_written_once_for_their_owner_and_must_be_changed(files):
    run(files)

    kept = files / "passwords.txt"
    passwords = dict(line.split("\t") for line in kept.read_text(encoding="utf-8").splitlines())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert sorted(passwords) == ["chen", "li", "sun", "wang", "zhao"]
    wang = User.objects.get(username="wang")
    assert (wang.check_password(passwords["wang"]), wang.must_change_password, wang.email) == (
        True, True, "wang@example.org",
    )  # fmt: skip


def test_running_it_again_changes_nothing(files):
    run(files)
    before = [list(model.objects.order_by("pk").values()) for model in (User, Area, Post, Appointment, DutyMember)]

    run(files)

    assert [
        list(model.objects.order_by("pk").values()) for model in (User, Area, Post, Appointment, DutyMember)
    ] == before


def test_without_a_duty_list_the_administrator_is_told_of_what_nobody_answers_for(files, capsys):
    run(files, staff=None, verbosity=1)

    assert [member.user.username for member in DutyMember.objects.all()] == ["root"]
    assert "The duty list was empty; root is on it now." in capsys.readouterr().out


def test_a_mistake_in_any_file_leaves_nothing_behind(files):
    staff = files / "staff.csv"
    staff.write_text(STAFF + "zhou,周宁,,999,grid_worker,,,\n", encoding="utf-8")

    with pytest.raises(CommandError, match=r"staff\.csv, row 8: There is no area “999”"):
        run(files)

    assert not User.objects.exists()
    assert not Area.objects.exists()
    assert not (files / "passwords.txt").exists()


@pytest.mark.parametrize(
    ("row", "line", "reason"),
    [
        ("wang,王芳芳,,620302001001,community_worker,,,", 8, "belongs to somebody with another name"),
        ("a b,周宁,,620302001001,community_worker,,,", 8, "valid username"),
        ("zhou,周宁,not-an-address,620302001001,community_worker,,,", 8, "valid email"),
        ("zhou,周宁,,620302001001,king,,,", 8, "king"),
        ("zhou,周宁,,620302001001,community_worker,NO-1,,", 8, "NO-1"),
        ("zhou,周宁,,620302001001,community_worker,,yesterday,", 8, "not a date"),
        ("zhou,周宁,,620302001001,grid_worker,,,", 8, "does not belong to an area of this level"),
    ],
)
def test_a_bad_line_of_the_roster_is_named(files, row, line, reason):
    (files / "staff.csv").write_text(f"{STAFF}{row}\n", encoding="utf-8")
    first_run.bring_areas([files / "areas.csv"], serve="620302")
    first_run.bring_organisations(files / "organisations.csv")

    with pytest.raises(ImportRefused) as refused:
        first_run.hire(files / "staff.csv", today=TODAY)

    assert [error.row for error in refused.value.errors] == [line]
    assert reason in str(refused.value)
    assert not User.objects.exists()


def test_a_roster_may_be_a_workbook(files):
    book = openpyxl.Workbook()
    for row in STAFF.splitlines():
        book.active.append([cell or None for cell in row.split(",")])
    out = BytesIO()
    book.save(out)
    (files / "staff.xlsx").write_bytes(out.getvalue())

    run(files, staff=files / "staff.xlsx")

    assert Appointment.objects.count() == 7
    assert Organisation.objects.get().posts.count() == 1


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"serve": "999"}, "There is no area with the code 999."),
        ({"serve": None}, "Say with --serve which area is ours."),
        ({"passwords": None}, "Say with --passwords"),
        ({"duty": ["nobody"]}, "There is no account nobody."),
    ],
)
def test_the_command_refuses_in_one_sentence_and_keeps_nothing(files, options, refused):
    with pytest.raises(CommandError, match=refused):
        run(files, **options)

    assert not User.objects.exists()


def test_without_a_password_there_is_no_administrator(files, monkeypatch):
    monkeypatch.delenv("FIRST_ADMIN_PASSWORD")

    with pytest.raises(CommandError, match="FIRST_ADMIN_PASSWORD"):
        run(files)


def test_an_easy_password_and_a_second_first_administrator_are_refused(files):
    _report, root = first_run.bring_areas([files / "areas.csv"], serve="620302")

    with pytest.raises(BadInput, match="too short"):
        first_run.first_administrator(username="root", password="short", root=root, today=TODAY)
    first_run.first_administrator(username="root", password=PASSWORD, root=root, today=TODAY)
    with pytest.raises(NotAllowedNow):
        first_run.first_administrator(username="other", password=PASSWORD, root=root, today=TODAY)


def test_it_asks_for_what_was_not_given(files, monkeypatch):
    monkeypatch.delenv("FIRST_ADMIN_PASSWORD")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    answers = iter([str(files / "areas.csv"), "620302", "boss"])
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda _question: PASSWORD)

    call_command("first_run", verbosity=0)

    assert User.objects.get().username == "boss"
    assert User.objects.get().check_password(PASSWORD)
