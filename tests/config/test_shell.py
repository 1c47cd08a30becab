"""The shell around every page: errors, protection, language, elder version, sign-in by post."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from grids.enums import Level, PostKind
from people.models import User
from tests.config.shell_urls import SECRET
from tests.factories import PASSWORD, appoint, make_area, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.config.shell_urls")]

INFORMATION = ["accessibility", "privacy", "login"]


@pytest.fixture
def english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


# -- errors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/test/suspicious/", 400, "We could not read that"),
        ("/test/forbidden/", 403, "This page is not open to you"),
        ("/no/such/page/", 404, "There is no such page"),
        ("/test/boom/", 500, "Something went wrong here"),
    ],
)
def test_an_error_page_says_what_to_do_and_nothing_technical(english, path, status, heading):
    english.raise_request_exception = False

    response = english.get(path)

    page = response.content.decode()
    assert response.status_code == status
    assert f'<h1 class="govuk-heading-l">{heading}</h1>' in page
    assert SECRET not in page
    assert "Error" not in page
    assert "Traceback" not in page


def test_a_refused_page_gives_the_reason(english):
    page = english.get("/test/forbidden/").content.decode()

    assert "Not in your grid." in page


def test_the_error_page_stands_without_a_database(english, django_db_blocker):
    english.raise_request_exception = False
    english.cookies["sessionid"] = "a" * 32

    with django_db_blocker.block():
        response = english.get("/test/boom/")

    assert response.status_code == 500
    assert "The fault is ours" in response.content.decode()


def test_the_error_page_stands_without_its_template(english, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError(SECRET)

    english.raise_request_exception = False
    monkeypatch.setattr("config.views.render", broken)

    response = english.get("/test/boom/")

    assert response.status_code == 500
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().startswith("对不起，系统出错了")


def test_a_form_without_its_token_is_refused_in_the_shell():
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    response = client.post("/elder/", {"on": "1"})

    assert response.status_code == 403
    assert '<h1 class="govuk-heading-l">The page was open too long</h1>' in response.content.decode()


# -- protection ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INFORMATION)
def test_a_page_allows_no_foreign_and_no_inline_code(client, name):
    policy = client.get(reverse(name))["Content-Security-Policy"].split("; ")

    assert "default-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", ["/accessibility/", "/privacy/", "/login/", "/no/such/page/", "/password/", "/admin/"])
def test_no_page_of_the_shell_needs_inline_code(client, path):
    client.force_login(User.objects.create_superuser("root", password="root"))

    page = client.get(path, follow=True).content.decode()

    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"<style", page)
    assert not re.search(r"\son[a-z]+=", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", page)


def test_uploads_have_no_address_of_their_own(client, settings):
    assert client.get("/media/anything.jpg").status_code == 404
    assert settings.MEDIA_URL in {"", "/"}


# -- language -------------------------------------------------------------------------------------------------------


def test_a_page_is_chinese_unless_the_visitor_asks_otherwise(client):
    page = client.get("/accessibility/").content.decode()

    assert '<html lang="zh-Hans"' in page


def test_the_language_switch_leads_back_to_the_same_page_and_is_remembered(client):
    response = client.post("/language/", {"language": "en", "next": "/privacy/?from=footer"})

    assert response.headers["Location"] == "/privacy/?from=footer"
    assert '<html lang="en"' in client.get("/privacy/").content.decode()


def test_the_switch_names_the_other_language_in_its_own_words(english):
    page = english.get("/privacy/").content.decode()

    assert '<button type="submit" class="l-header__switch" lang="zh-Hans">中文</button>' in page


def test_the_accessibility_statement_says_what_was_checked_when_what_is_missing_and_whom_to_tell(client, settings):
    settings.OPERATOR_NAME, settings.OPERATOR_CONTACT = "滨河路街道办事处", "0935-8210000"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = client.get("/accessibility/").content.decode()

    for words in (
        "GB/T 37668-2019",
        "Last checked on 23 Nov",
        "Where it still falls short",
        "滨河路街道办事处",
        "0935-8210000",
    ):
        assert words in page
    assert 'href="tel:12345"' in page


# -- elder version --------------------------------------------------------------------------------------------------


def test_the_elder_version_is_a_choice_that_a_cookie_keeps_for_a_year(client):
    before = client.get("/privacy/").content.decode()
    response = client.post("/elder/", {"on": "1", "next": "/privacy/"})
    after = client.get("/privacy/").content.decode()

    assert response.headers["Location"] == "/privacy/"
    assert client.cookies["elder"]["max-age"] == 31536000
    assert 'class="govuk-template l-page l-public"' in before
    assert 'class="govuk-template l-page l-public l-elder"' in after


def test_the_elder_version_can_be_left_again(client):
    client.cookies["elder"] = "1"

    client.post("/elder/", {"on": "0", "next": "/privacy/"})

    assert "l-elder" not in client.get("/privacy/").content.decode()


def test_nothing_is_switched_by_a_link(client):
    assert client.get("/elder/?on=1").status_code == 405


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client, target):
    response = client.post("/elder/", {"on": "1", "next": target})

    assert response.headers["Location"] == "/"


# -- sign-in ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def place():
    community = make_area(Level.COMMUNITY, "北关社区", "620302001001", None)
    return make_area(Level.GRID, "第一网格", "620302001001001", community)


@pytest.mark.parametrize(
    ("kinds", "is_staff", "home"),
    [
        ([PostKind.GRID_WORKER], True, "/grid/"),
        ([PostKind.GRID_WORKER], False, "/grid/"),
        ([PostKind.GRID_LEAD], True, "/grid/"),
        ([PostKind.GRID_LEAD, PostKind.COMMUNITY_SECRETARY], True, "/admin/"),
        ([PostKind.COMMUNITY_SECRETARY], True, "/admin/"),
        ([PostKind.DISPATCHER], True, "/admin/"),
        ([], True, "/admin/"),
    ],
)
def test_signing_in_leads_to_the_page_of_ones_post(client, place, kinds, is_staff, home):
    user = make_user("李红")
    User.objects.filter(pk=user.pk).update(is_staff=is_staff)
    for kind in kinds:
        appoint(user, kind, place.parent if kind == PostKind.COMMUNITY_SECRETARY else place)

    response = client.post("/login/", {"username": user.username, "password": PASSWORD}, follow=False)
    onward = client.get(response.headers["Location"])

    assert response.headers["Location"] == "/staff/"
    assert onward.headers["Location"] == home


def test_an_account_without_post_and_without_desk_is_told_so(english):
    user = make_user("李红")
    User.objects.filter(pk=user.pk).update(is_staff=False)
    english.force_login(user)

    response = english.get("/staff/")

    assert response.status_code == 403
    assert "You hold no post today." in response.content.decode()


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client):
    user = make_user("王淑芬")
    asked = client.get("/admin/people/user/")
    sign_in = client.get(asked.headers["Location"])

    response = client.post(
        sign_in.headers["Location"],
        {"username": user.username, "password": PASSWORD, "next": "/admin/people/user/"},
    )

    assert sign_in.headers["Location"] == "/login/?next=/admin/people/user/"
    assert response.headers["Location"] == "/admin/people/user/"


def test_a_wrong_password_says_so_and_signs_nobody_in(english):
    user = make_user("李红")

    response = english.post("/login/", {"username": user.username, "password": "wrong"})

    assert response.status_code == 200
    assert "data-error-summary" in response.content.decode()
    assert "_auth_user_id" not in english.session


def test_a_password_that_somebody_else_set_is_changed_first(client):
    user = make_user("李红")
    User.objects.filter(pk=user.pk).update(must_change_password=True)

    response = client.post("/login/", {"username": user.username, "password": PASSWORD})
    client.post(
        "/password/",
        {"old_password": PASSWORD, "new_password1": "bridge-lamp-77", "new_password2": "bridge-lamp-77"},
    )

    assert response.headers["Location"] == "/password/"
    user.refresh_from_db()
    assert user.must_change_password is False
    assert user.check_password("bridge-lamp-77")


def test_an_account_without_access_to_the_desk_is_not_sent_in_a_circle(english):
    user = make_user("李红")
    User.objects.filter(pk=user.pk).update(is_staff=False)
    english.force_login(user)

    response = english.get("/admin/", follow=True)

    assert response.status_code == 403
    assert "Your account does not open the desk." in response.content.decode()


def test_signing_out_is_a_post(client):
    client.force_login(make_user("李红"))

    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def test_the_navigation_of_a_grid_worker_costs_three_queries(client, place, django_assert_num_queries):
    worker = make_user("李红")
    appoint(worker, PostKind.GRID_WORKER, place)
    client.force_login(worker)

    with django_assert_num_queries(5):  # session, user; posts held, posts stood in for, unread notices
        page = client.get("/password/").content.decode()

    assert page.count('<a href="/grid/">') == 1
