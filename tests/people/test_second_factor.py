"""The second factor: asked for, set up at the first sign-in, no code twice, ten codes for a lost telephone."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from grids.enums import Level, PostKind
from notifications.models import Notice
from people import factor, passcodes
from people.errors import BadInput, NotAllowedNow
from people.models import Authenticator, RecoveryCode, User
from tests.factories import PASSWORD, appoint, make_area, make_user
from tests.people.door import CODE, SETUP, code_now, is_in, set_up, sign_in

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english(client, settings):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    settings.SECOND_FACTOR = True


@pytest.fixture
def community():
    return make_area(Level.COMMUNITY, "北关社区", "620302001001", None)


@pytest.fixture
def secretary(community):
    user = make_user("马志远")
    appoint(user, PostKind.COMMUNITY_SECRETARY, community)
    return user


# -- who is asked --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "level", "asked"),
    [
        (PostKind.COMMUNITY_SECRETARY, Level.COMMUNITY, True),
        (PostKind.DISPATCHER, Level.STREET, True),
        (PostKind.STREET_LEADER, Level.STREET, True),
        (PostKind.SUPERVISOR, Level.STREET, True),
        (PostKind.DISTRICT_COMMAND, Level.DISTRICT, True),
        (PostKind.SYSTEM_ADMINISTRATOR, Level.STREET, True),
        (PostKind.COMMUNITY_WORKER, Level.COMMUNITY, False),
        (PostKind.GRID_LEAD, Level.GRID, False),
        (PostKind.GRID_WORKER, Level.GRID, False),
        (PostKind.UNIT_HEAD, Level.UNIT, False),
    ],
)
def test_secretaries_and_above_are_led_to_set_it_up(client, kind, level, asked):
    user = make_user("某人")
    appoint(user, kind, make_area(level, "某地", "620302001", None))

    response = sign_in(client, user)

    assert response.url == (SETUP if asked else "/staff/")
    assert is_in(client) is not asked


def test_a_superuser_is_asked_without_any_post(client):
    user = make_user("管理员")
    User.objects.filter(pk=user.pk).update(is_superuser=True)

    assert sign_in(client, user).url == SETUP


def test_a_post_of_yesterday_asks_for_nothing(client, secretary):
    yesterday = timezone.localdate() - timedelta(days=1)
    secretary.appointments.update(ends_on=yesterday)

    assert sign_in(client, secretary).url == "/staff/"


def test_a_new_post_asks_for_it_with_the_next_request_and_only_what_it_takes_stays_open(client, community):
    user = make_user("新任")
    sign_in(client, user)
    assert client.get("/notices/").status_code == 200

    appoint(user, PostKind.COMMUNITY_SECRETARY, community)

    for answer in (client.get("/notices/"), client.get("/admin/"), client.post("/notices/", {})):
        assert (answer.status_code, answer.url) == (302, "/account/")
    page = client.get("/account/")
    assert "Set it up now" in page.content.decode()
    begun = client.post("/account/second-factor/", {"do": "setup", "password": PASSWORD})
    assert begun.url == "/account/second-factor/setup/"
    assert client.get("/notices/").url == "/account/"
    secret = Authenticator.objects.get(user=user).next_secret
    done = client.post(begun.url, {"code": code_now(secret)})
    assert done.status_code == 200
    assert client.get("/notices/").status_code == 200


def test_a_new_post_asks_nothing_of_an_account_that_has_one_or_where_it_needs_none(client, community, settings):
    armed, worker, free = make_user("有"), make_user("员"), make_user("免")
    secret, _codes = set_up(armed)
    sign_in(client, armed)
    client.post(CODE, {"code": code_now(secret)})
    at_work, switched_off = Client(), Client()
    sign_in(at_work, worker)
    sign_in(switched_off, free)
    appoint(armed, PostKind.COMMUNITY_SECRETARY, community)
    appoint(worker, PostKind.COMMUNITY_WORKER, community)
    appoint(free, PostKind.COMMUNITY_SECRETARY, community, seats=9)

    assert client.get("/notices/").status_code == 200
    assert at_work.get("/notices/").status_code == 200
    settings.SECOND_FACTOR = False
    assert switched_off.get("/notices/").status_code == 200


def test_switched_off_nobody_is_asked_who_has_none(client, secretary, settings):
    settings.SECOND_FACTOR = False

    assert sign_in(client, secretary).url == "/staff/"


def test_switched_off_it_still_guards_the_account_that_has_one(client, secretary, settings):
    settings.SECOND_FACTOR = False
    set_up(secretary)

    assert sign_in(client, secretary).url == CODE
    assert not is_in(client)


# -- setting it up -------------------------------------------------------------------------------------------


def test_the_first_sign_in_ends_with_ten_codes_shown_once(client, secretary):
    sign_in(client, secretary, next="/notices/")
    page = client.get(SETUP).content.decode()
    secret = Authenticator.objects.get(user=secretary).next_secret

    done = client.post(SETUP, {"code": pyotp.TOTP(secret).now()})

    assert passcodes.spelt(secret) in page
    assert "<svg" in page
    assert "<title>QR code for your authenticator app</title>" in page
    assert done.status_code == 200
    codes = done.context["codes"]
    assert len(set(codes)) == 10
    assert all(code in done.content.decode() for code in codes)
    assert 'href="/notices/"' in done.content.decode()
    assert "no-store" in done["Cache-Control"]
    assert is_in(client)
    again = client.get(SETUP)
    assert again.status_code == 302
    assert RecoveryCode.objects.filter(user=secretary).count() == 10


def test_neither_secret_nor_codes_lie_in_clear_in_the_database(secretary):
    secret, codes = set_up(secretary)

    own = Authenticator.objects.get(user=secretary)
    assert own.secret == secret
    assert secret.encode() not in bytes(own.secret_sealed)
    for row in RecoveryCode.objects.all():
        assert bytes(row.digest).hex() not in {code.encode().hex() for code in codes}
        assert len(row.digest) == 32


def test_a_wrong_first_code_shows_the_same_secret_again(client, secretary):
    sign_in(client, secretary)
    secret = Authenticator.objects.get(user=secretary).next_secret
    wrong = "000000" if pyotp.TOTP(secret).now() != "000000" else "111111"

    response = client.post(SETUP, {"code": wrong})

    assert response.status_code == 422
    assert passcodes.spelt(secret) in response.content.decode()
    assert not is_in(client)
    assert not factor.is_set_up(secretary)


def test_a_secret_is_shown_for_twenty_minutes(secretary):
    factor.begin(secretary, at=AT)
    secret = Authenticator.objects.get().next_secret
    late = AT + timedelta(minutes=20, seconds=1)

    assert factor.waiting(secretary, at=AT + timedelta(minutes=20)).spelt == passcodes.spelt(secret)
    assert factor.waiting(secretary, at=late) is None
    with pytest.raises(NotAllowedNow):
        factor.confirm(secretary, code=pyotp.TOTP(secret).at(late), at=late)


def test_nobody_sees_the_setting_up_without_the_password(client, secretary):
    factor.begin(secretary, at=timezone.now())

    assert client.get(SETUP).url == "/login/"
    assert client.post(SETUP, {"code": "123456"}).url == "/login/"


def test_the_half_open_door_closes_after_a_quarter_of_an_hour_or_when_the_account_closes(client, secretary):
    set_up(secretary)
    sign_in(client, secretary)
    session = client.session
    session["signin_pending"] = {**session["signin_pending"], "began": session["signin_pending"]["began"] - 901}
    session.save()
    assert client.get(CODE).url == "/login/"

    sign_in(client, secretary)
    assert client.get(CODE).status_code == 200
    User.objects.filter(pk=secretary.pk).update(is_active=False)
    assert client.get(CODE).url == "/login/"


# -- the code ------------------------------------------------------------------------------------------------


def test_name_password_and_code_open_the_door(client, secretary):
    secret, _codes = set_up(secretary)
    asked = sign_in(client, secretary, next="/notices/")
    assert (asked.url, is_in(client)) == (CODE, False)

    response = client.post(CODE, {"code": code_now(secret)})

    assert (response.status_code, response.url, is_in(client)) == (302, "/notices/", True)
    assert client.session["signin"]["factor"] == "code"


def test_the_way_past_the_code_is_closed(client, secretary):
    set_up(secretary)
    sign_in(client, secretary)

    for path in ("/staff/", "/admin/", "/grid/", "/notices/", "/password/", "/account/"):
        assert client.get(path, follow=True).redirect_chain[-1][0].startswith("/login/"), path


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_a_code_may_be_typed_in_groups(secretary, typed):
    secret, _codes = set_up(secretary, at=AT)
    code = pyotp.TOTP(secret).at(AT + timedelta(minutes=5))

    assert factor.check(secretary, code=typed.format(code[:3], code[3:]), at=AT + timedelta(minutes=5)) == "code"


def test_full_width_digits_are_digits(secretary):
    secret, _codes = set_up(secretary, at=AT)
    code = pyotp.TOTP(secret).at(AT + timedelta(minutes=5))
    wide = code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})

    assert factor.check(secretary, code=wide, at=AT + timedelta(minutes=5)) == "code"


def test_a_code_works_once(client, secretary):
    secret, _codes = set_up(secretary)
    code = code_now(secret)
    sign_in(client, secretary)
    client.post(CODE, {"code": code})
    thief = Client(headers={"accept-language": "en"})
    sign_in(thief, secretary)

    response = thief.post(CODE, {"code": code})

    assert response.status_code == 422
    assert "it was used before" in response.content.decode()
    assert not is_in(thief)


def test_a_code_older_than_the_last_one_is_refused(secretary):
    secret, _codes = set_up(secretary, at=AT)
    now = AT + timedelta(minutes=5)
    factor.check(secretary, code=pyotp.TOTP(secret).at(now), at=now)

    with pytest.raises(BadInput):
        factor.check(secretary, code=pyotp.TOTP(secret).at(now - timedelta(seconds=30)), at=now)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(secretary, steps, fits):
    secret, _codes = set_up(secretary, at=AT)
    now = AT + timedelta(minutes=5)
    code = pyotp.TOTP(secret).at(now + timedelta(seconds=30 * steps))

    if fits:
        assert factor.check(secretary, code=code, at=now) == "code"
    else:
        with pytest.raises(BadInput):
            factor.check(secretary, code=code, at=now)


def test_the_fifth_wrong_code_shuts_the_account_for_a_quarter_of_an_hour(client, secretary):
    secret, _codes = set_up(secretary)
    sign_in(client, secretary)
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code != code_now(secret))

    answers = [client.post(CODE, {"code": wrong}).status_code for _ in range(5)]
    right = client.post(CODE, {"code": code_now(secret)})

    assert answers == [422, 422, 422, 422, 429]
    assert right.status_code == 429
    assert 800 < int(right["Retry-After"]) <= 900
    assert not is_in(client)
    assert Notice.objects.get(recipient=secretary, params__what="factor_blocked").urgent is True
    Authenticator.objects.update(blocked_until=timezone.now())
    assert client.post(CODE, {"code": code_now(secret)}).status_code == 302


def test_wrong_codes_need_the_password_first(client, secretary):
    set_up(secretary)

    for _ in range(6):
        assert client.post(CODE, {"code": "000000"}).url == "/login/"

    assert Authenticator.objects.get().wrong == 0


# -- recovery codes ------------------------------------------------------------------------------------------


def test_a_recovery_code_opens_once_and_the_holder_hears_of_it(client, secretary):
    _secret, codes = set_up(secretary)
    sign_in(client, secretary)

    response = client.post(CODE, {"code": passcodes.on_paper(codes[0]).lower()})

    assert response.status_code == 302
    assert is_in(client)
    assert "You used a recovery code; 9 are left." in client.get("/account/").content.decode()
    notice = Notice.objects.get(recipient=secretary, params__what="recovery_code_used")
    assert notice.params["left"] == 9
    with pytest.raises(BadInput):
        factor.check(secretary, code=codes[0], at=timezone.now())
    assert factor.check(secretary, code=codes[1], at=timezone.now()) == "recovery"


def test_a_recovery_code_of_somebody_else_opens_nothing(secretary):
    other = make_user("别人")
    _secret, codes = set_up(other)
    set_up(secretary)

    with pytest.raises(BadInput):
        factor.check(secretary, code=codes[0], at=timezone.now())


def test_new_codes_make_the_old_ones_void(client, secretary):
    _secret, codes = set_up(secretary)
    client.force_login(secretary)

    response = client.post("/account/second-factor/", {"do": "codes", "password": PASSWORD})

    assert len(response.context["codes"]) == 10
    with pytest.raises(BadInput):
        factor.check(secretary, code=codes[0], at=timezone.now())
