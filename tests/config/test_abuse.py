"""What people do to web sites on purpose, each with its test (OWASP Top Ten).

Reading what is somebody else's is tests/config/test_matrix.py; uploads that are no pictures, bombs, polyglots and
EXIF are tests/petitions/test_resident_photos.py; guessing is tests/people/test_lockout.py and
tests/petitions/test_resident_throttle.py; looking that changes something is tests/config/test_looking.py.
"""

import logging
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as live
from django.test import Client
from django.utils import timezone

from config.logs import MaskingFormatter
from grids.enums import PostKind
from grids.models import Appointment, Area, StaffCard
from people.models import User
from petitions import viewers
from petitions.enums import Status
from petitions.models import Petition
from tests.digests import digests
from tests.factories import PASSWORD, District, appoint, make_user
from tests.walking import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
API = "/api/v1/"
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "///evil.example")
NAMES = (
    "q", "area", "in", "after", "before", "period", "from", "to", "by", "list", "row", "item", "pile", "week", "page",
    "number", "b", "kind", "pattern",
)  # fmt: skip
CROOKED = ("'; DROP TABLE petitions_petition; --", "%_\\(((", "\0", "9" * 40)


@pytest.fixture
def here(district) -> Petition:
    return district.petition(timezone.now() - timedelta(hours=3), status=Status.DISPATCHED)


def browser(user: User | None, **options: object) -> Client:
    client = Client(raise_request_exception=False, **options)
    if user is not None:
        client.force_login(user)
    return client


# -- forged requests ------------------------------------------------------------------------------------------------


def test_no_address_takes_a_form_without_its_token(district, here):
    client = browser(district.secretary, enforce_csrf_checks=True)
    before = digests()

    urls = [one.url for one in addresses(district, here)]
    answers = {url: client.post(url, {"x": "1"}).status_code for url in urls}

    # the API takes a key and no cookie: whoever is signed in on the desk is nobody there
    assert {status for url, status in answers.items() if url.startswith(API)} <= {401, 404, 405}
    assert answers[f"{API}petitions/"] == 401
    assert [url for url, status in answers.items() if status != 403 and not url.startswith(API)] == []
    assert digests() == before


# -- foreign words on our pages -------------------------------------------------------------------------------------


def test_words_of_others_are_words_on_every_page(district, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    at = timezone.now() - timedelta(hours=3)
    petition = district.petition(at, status=Status.RESOLVED, text=XSS)
    Petition.objects.filter(pk=petition.pk).update(title=XSS[:120])
    for area in (district.street, district.community, district.grid, district.building, district.unit):
        Area.objects.filter(pk=area.pk).update(name=XSS[:40], short_name=XSS[:20])
    User.objects.filter(pk__in=[district.worker.pk, district.secretary.pk]).update(display_name=XSS[:40])
    district.sanitation.name = XSS[:90]
    district.sanitation.save()
    StaffCard.objects.create(user=district.worker, pledge=XSS, changed_on=timezone.localdate())
    number, code = petition.number, district.community.code
    follower = browser(None)
    session = follower.session
    viewers.remember(session, petition.pk, filed=True)
    session.save()
    follower.cookies["sessionid"] = session.session_key
    shown = {
        browser(district.secretary): (
            f"/cases/{number}/", "/admin/", "/admin/queue/", "/admin/petitions/petition/", "/admin/posts/",
            "/admin/staffing/", "/admin/boards/", "/admin/figures/", "/admin/grids/grid/", "/admin/grids/post/",
            "/admin/grids/appointment/", f"/admin/grids/grid/{district.grid.pk}/change/", "/admin/circulars/new/",
            f"/admin/grids/grid/{district.grid.pk}/history/", f"/cases/{number}/handing/about-staff/",
            f"/admin/handover/{district.worker.pk}/", "/notices/", "/cases/new/",
        ),
        browser(district.leader): ("/admin/grids/organisation/", f"/cases/{number}/?do=dispatch"),
        browser(district.worker): ("/grid/", "/pledge/", f"/cases/{number}/brief/"),
        follower: (
            f"/petitions/follow/{number}/", f"/petitions/receipt/{number}/", f"/petitions/follow/{number}/data/",
        ),
        browser(None): ("/", f"/areas/{code}/", f"/areas/{code}/board/", f"/petitions/new/?b={district.unit.code}"),
    }  # fmt: skip
    raw, seen = [], 0

    for client, urls in shown.items():
        for url in urls:
            response = client.get(url, follow=True)
            page = response.content.decode()
            seen += "&lt;script&gt;" in page
            if "<script>alert" in page or "<img src=x" in page:
                raw.append(url)
            assert response.status_code < 500, url

    assert raw == []
    assert seen > 12


def test_what_somebody_searches_for_comes_back_as_words(district, here):
    client = browser(district.secretary)

    for url in ("/admin/queue/", "/admin/petitions/petition/", "/admin/posts/", "/admin/grids/grid/"):
        page = client.get(url, {"q": XSS}).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# -- words that are no words ----------------------------------------------------------------------------------------


def test_no_filter_and_no_search_breaks_on_crooked_words(district, here):
    client = browser(district.command)
    before = digests()
    pages = ["/admin/queue/", "/admin/posts/", "/admin/staffing/", "/admin/figures/", "/admin/figures/patterns/",
             "/admin/boards/", "/admin/circulars/", "/admin/filings/", "/notices/", "/grid/", "/reveals/",
             "/petitions/follow/", "/petitions/new/"]  # fmt: skip
    pages += [one.url for one in addresses(district, here) if re.fullmatch(r"/admin/\w+/\w+/", one.url)]
    broken = []

    for url in pages:
        for words in CROOKED:
            asked = dict.fromkeys(("q", "area", "in") if url.count("/") > 3 else NAMES, words)
            if client.get(url, asked).status_code >= 500:
                broken.append((url, words))
    for words in ("%00", "%27", "%FF"):
        broken += [words for path in ("cases", "petitions/follow", "petitions/receipt", "areas")
                   if client.get(f"/{path}/{words}/").status_code >= 500]  # fmt: skip

    assert broken == []
    assert digests() == before


# -- sessions, redirects, hosts -------------------------------------------------------------------------------------


def test_a_session_that_was_slipped_to_somebody_does_not_become_his(district):
    victim, thief = browser(None), browser(None)
    session = thief.session
    session["x"] = 1
    session.save()
    victim.cookies["sessionid"] = session.session_key

    victim.post("/login/", {"username": district.worker.username, "password": PASSWORD})

    thief.cookies["sessionid"] = session.session_key
    assert victim.get("/grid/").status_code == 200
    assert victim.cookies["sessionid"].value != session.session_key
    assert thief.get("/grid/").status_code == 302


@pytest.mark.parametrize("to", ELSEWHERE)
def test_no_link_of_ours_leads_elsewhere(district, to):
    sent = [
        browser(None).post("/login/", {"username": district.worker.username, "password": PASSWORD, "next": to}),
        browser(None).post(f"/login/?next={to}", {"username": district.worker.username, "password": PASSWORD}),
        browser(None).post("/language/", {"language": "en", "next": to}),
        browser(None).post("/elder/", {"on": "1", "next": to}),
        browser(district.worker).post("/logout/", {"next": to}),
    ]

    for response in sent:
        assert response.status_code == 302
        assert re.match(r"/[^/\\]|/$", response.headers["Location"])


def test_a_foreign_host_is_not_answered_and_not_repeated():
    assert browser(None).get("/", headers={"host": "evil.example"}).status_code == 400
    page = browser(None).get("/accessibility/", headers={"x-forwarded-host": "evil.example"})
    assert "evil.example" not in page.content.decode()


# -- more fields than were asked for --------------------------------------------------------------------------------

EXTRA = {
    "status": "closed", "handler": "1", "organisation": "1", "number": "PX1", "is_superuser": "on", "is_staff": "on",
    "user_permissions": "1", "barred_from": "1", "filed_by": "1", "is_active": "on", "user": "1", "level": "1",
}  # fmt: skip


def test_fields_nobody_asked_for_change_nothing(district, here):
    extra = EXTRA | {"handler": str(district.other_worker.pk), "user": str(district.other_worker.pk)}
    worker = browser(district.worker)

    worker.post(f"/cases/{here.number}/sign/", {"version": here.version, **extra})
    worker.post("/pledge/", {"pledge": "随叫随到", **extra})
    worker.post("/password/", extra)

    here.refresh_from_db()
    assert (here.status, here.handler_id, here.organisation_id) == ("signed", district.worker.pk, None)
    assert not StaffCard.objects.filter(user=district.other_worker).exists()
    assert not User.objects.filter(is_superuser=True).exists()


def test_an_administrator_by_post_makes_nobody_mightier_than_himself(district):
    keeper = make_user("keeper")
    appoint(keeper, PostKind.SYSTEM_ADMINISTRATOR, district.district)
    client, page = browser(keeper), f"/admin/people/user/{district.worker.pk}/change/"
    told = {"username": district.worker.username, "display_name": "王五", "email": "", "language": "zh-hans", **EXTRA}

    assert client.get(page).status_code == 200
    assert client.post(page, told).status_code == 302
    district.worker.refresh_from_db()

    assert (district.worker.display_name, district.worker.is_superuser) == ("王五", False)
    assert not district.worker.user_permissions.exists()


# -- what every page carries ----------------------------------------------------------------------------------------


def test_every_page_forbids_foreign_code_frames_and_guessing(district, here):
    client, bare, seen = browser(district.secretary), [], set()

    for one in addresses(district, here):
        if one.name in seen:
            continue
        seen.add(one.name)
        headers = client.get(one.url).headers
        policy = headers.get("Content-Security-Policy", "")
        if (
            "default-src 'self'" not in policy or "unsafe" in policy or headers.get("X-Frame-Options") != "DENY"
            or headers.get("X-Content-Type-Options") != "nosniff" or headers.get("Referrer-Policy") != "same-origin"
        ):  # fmt: skip
            bare.append(one.url)

    assert bare == []
    assert len(seen) > 150


@pytest.mark.parametrize(("heads", "passes"), [("heads", True), ("", False), ("nowhere/heads", False)])
def test_a_production_environment_passes_the_deployment_check_with_its_audit_log_carried_out(tmp_path, heads, passes):
    kept = {key: value for key, value in os.environ.items() if key != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment = {
        **kept, "DEBUG": "0", "TLS": "1", "PUBLIC_URL": "https://linli.example.org", "HSTS_SECONDS": "31536000",
        "SECURE_SSL_REDIRECT": "1", "BEHIND_PROXY": "1", "ALLOWED_HOSTS": "linli.example.org",
        "SECRET_KEY": "k7!mQ" * 14 + "zX92pLwv", "LINLI_DB_ROLE": "app",
        "AUDIT_HEADS_FILE": str(tmp_path / heads) if heads else "",
    }  # fmt: skip

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=live.BASE_DIR, env=environment, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip

    assert (done.returncode == 0) is passes, done.stderr
    assert passes or "AUDIT_HEADS_FILE" in done.stderr


# -- what goes wrong tells nobody -----------------------------------------------------------------------------------


@pytest.mark.urls("tests.config.shell_urls")
def test_a_page_that_breaks_leaves_no_number_of_a_person_in_page_or_log(caplog):
    with caplog.at_level(logging.WARNING):
        response = browser(None).post("/test/boom/", {"phone": "13800138000", "name": "常小红"})

    written = "\n".join(MaskingFormatter("%(message)s").format(record) for record in caplog.records)
    assert response.status_code == 500
    assert "boom" in written
    assert "13800138000" not in written + response.content.decode()
    assert "常小红" not in written + response.content.decode()
    assert live.LOGGING["formatters"]["plain"]["()"] == "config.logs.MaskingFormatter"


# -- who was moved is gone at once (36), who stood in too ------------------------------------------------------------


@pytest.mark.parametrize("how", ["ended", "moved", "closed"])
def test_who_lost_his_post_is_out_with_the_next_page(district: District, here, how):
    client = browser(district.secretary)
    assert client.get(f"/cases/{here.number}/").status_code == 200
    mine = Appointment.objects.filter(user=district.secretary)

    if how == "ended":
        mine.update(ends_on=timezone.localdate() - timedelta(days=1))
    elif how == "moved":
        mine.update(ends_on=timezone.localdate() - timedelta(days=1))
        appoint(district.secretary, PostKind.COMMUNITY_SECRETARY, district.other_community)
    else:
        User.objects.filter(pk=district.secretary.pk).update(is_active=False)

    assert client.get(f"/cases/{here.number}/").status_code in (302, 404)
    assert client.post(f"/cases/{here.number}/decline/", {"reason": "x", "version": "1"}).status_code in (302, 404)
    here.refresh_from_db()
    assert here.status == Status.DISPATCHED


# -- filters tell nothing of strange areas (35), one strange number refuses them all (37) ----------------------------


def test_a_filter_tells_no_count_of_a_strange_area(district, here):
    client, strange = browser(district.other_secretary), district.community

    assert client.get("/admin/figures/", {"area": strange.code}).status_code == 404
    assert here.number not in client.get("/admin/queue/", {"area": strange.code}).content.decode()
    listed = client.get("/admin/petitions/petition/", {"area": strange.code})
    assert listed.context["cl"].result_count == 0
    assert client.get("/admin/petitions/petition/", {"q": here.number}).context["cl"].result_count == 0
    found = client.get("/admin/autocomplete/", {
        "app_label": "grids", "model_name": "post", "field_name": "area", "term": "第一网格",
    })  # fmt: skip
    assert found.json()["results"] == []


def test_one_strange_number_refuses_the_whole_batch(district, here):
    strange = district.petition(timezone.now(), place=district.other_street)
    client = browser(district.secretary)
    before = digests()

    response = client.post(
        "/admin/queue/dispatch/", {"number": [here.number, strange.number], "confirm": "1", "to": "x"}
    )

    assert response.status_code == 403
    assert digests() == before
