"""Signing in through an identity provider that really runs: Django OAuth Toolkit on loopback, over HTTP."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client

from grids.enums import Level, PostKind
from people import oidc
from people.models import User
from tests.factories import appoint, make_area, make_user
from tests.people import provider as providers
from tests.people.door import is_in, set_up

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
DONE = "/login/identity/done/"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    provider = providers.start(tmp_path_factory.mktemp("provider"), site=SITE)
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings):
    settings.OIDC_ISSUER = running.issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = providers.CLIENT, providers.SECRET
    settings.OIDC_CLAIM, settings.OIDC_ACCOUNT_FIELD = "sub", "identity"
    settings.PUBLIC_URL = SITE
    oidc._made.cache_clear()
    return running


@pytest.fixture(autouse=True)
def english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def user(running):
    user = make_user("王芳")
    User.objects.filter(pk=user.pk).update(identity=running.subjects["wangfang"])
    return user


def at_the_provider(address: str, name: str = "wangfang") -> str:
    """Sign in there as a person does, and return the address it sends the browser back to."""
    browser = requests.Session()
    page = browser.get(address, timeout=20)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text).group(1)
    answer = browser.post(
        page.url,
        {"csrfmiddlewaretoken": token, "username": name, "password": providers.PEOPLE[name]},
        headers={"Referer": page.url},
        allow_redirects=False,
        timeout=20,
    )
    while not answer.headers["Location"].startswith(SITE):
        there = requests.compat.urljoin(answer.url, answer.headers["Location"])
        answer = browser.get(there, allow_redirects=False, timeout=20)
    return answer.headers["Location"].removeprefix(SITE)


def sign_in(client, *, name="wangfang", to=""):
    started = client.post("/login/identity/", {"next": to})
    return client.get(at_the_provider(started.url, name))


def test_a_linked_account_is_signed_in_and_led_to_its_page(client, user, provider):
    response = sign_in(client, to="/notices/")

    assert (response.status_code, response.url) == (302, "/notices/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session["signin"]["means"] == "identity"


def test_the_way_there_carries_state_nonce_and_a_challenge(client, provider):
    asked = parse_qs(urlsplit(client.post("/login/identity/").url).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [SITE + DONE]
    assert len(asked["state"][0]) >= 20
    assert len(asked["nonce"][0]) >= 20
    assert len(asked["code_challenge"][0]) == 43


def test_a_stranger_gets_no_account(client, user, provider):
    before = User.objects.count()

    response = sign_in(client, name="stranger")

    assert response.status_code == 403
    assert "no account of this platform is linked to you" in response.content.decode()
    assert User.objects.count() == before
    assert not is_in(client)


def test_an_empty_identity_is_nobodys(client, provider, settings):
    make_user("李红")
    settings.OIDC_CLAIM = "no_such_claim"

    assert sign_in(client).status_code == 403


def test_a_closed_account_stays_closed(client, user, provider):
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert sign_in(client).status_code == 403
    assert not is_in(client)


def test_another_claim_may_name_the_account(client, provider, settings):
    user = User.objects.create(username="GZ-wangfang", is_staff=True)
    settings.OIDC_CLAIM, settings.OIDC_ACCOUNT_FIELD = "staff_number", "username"

    assert sign_in(client).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_answer_is_taken_once(client, user, provider):
    started = client.post("/login/identity/")
    back = at_the_provider(started.url)
    client.get(back)
    client.post("/logout/")

    assert client.get(back).status_code == 502
    assert not is_in(client)


def test_an_answer_to_somebody_else_is_refused(client, user, provider):
    started = client.post("/login/identity/")
    back = at_the_provider(started.url)
    victim = Client(headers={"accept-language": "en"})
    victim.post("/login/identity/")

    response = victim.get(back)

    assert response.status_code == 502
    assert "did not confirm who you are" in response.content.decode()
    assert not is_in(victim)


def test_a_code_without_its_verifier_is_refused_by_the_provider(client, user, provider):
    started = client.post("/login/identity/")
    back = at_the_provider(started.url)
    session = client.session
    key = next(name for name in list(session.keys()) if name.startswith("_state_government_"))
    session[key] = {**session[key], "data": {**session[key]["data"], "code_verifier": "x" * 48}}
    session.save()

    assert client.get(back).status_code == 502
    assert not is_in(client)


def test_an_id_token_with_another_nonce_is_refused(client, user, provider):
    started = client.post("/login/identity/")
    back = at_the_provider(started.url)
    session = client.session
    key = next(name for name in list(session.keys()) if name.startswith("_state_government_"))
    session[key] = {**session[key], "data": {**session[key]["data"], "nonce": "another"}}
    session.save()

    assert client.get(back).status_code == 502
    assert not is_in(client)


@pytest.mark.parametrize("wrong", ["issuer", "audience", "key"])
def test_an_id_token_that_is_not_for_us_is_refused(client, user, provider, settings, *, wrong, monkeypatch):
    started = client.post("/login/identity/")
    back = at_the_provider(started.url)
    made = oidc._client()
    match wrong:
        case "issuer":
            monkeypatch.setattr(oidc, "_client", lambda: made)
            settings.OIDC_ISSUER = "https://id.example.org"
        case "audience":
            monkeypatch.setattr(oidc, "_client", lambda: made)
            settings.OIDC_CLIENT_ID = "somebody-else"
        case "key":
            from joserfc.jwk import RSAKey

            kid = made.fetch_jwk_set()["keys"][0]["kid"]
            forged = RSAKey.generate_key(2048, parameters={"kid": kid, "alg": "RS256", "use": "sig"})
            made.server_metadata["jwks"] = {"keys": [forged.as_dict(private=False)]}

    assert client.get(back).status_code == 502
    assert not is_in(client)


def test_a_provider_that_is_down_is_said_to_be(client, provider, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:1"

    response = client.post("/login/identity/")

    assert response.status_code == 502
    assert "sign in with your password" in response.content.decode()


def test_the_second_factor_is_asked_for_after_it(client, user, provider):
    set_up(user)

    assert sign_in(client).url == "/login/code/"
    assert not is_in(client)


def test_unless_the_provider_is_trusted_with_it(client, user, provider, settings):
    settings.SECOND_FACTOR, settings.OIDC_IS_SECOND_FACTOR = True, True
    appoint(user, PostKind.COMMUNITY_SECRETARY, make_area(Level.COMMUNITY, "北关社区", "620302001001", None))

    assert sign_in(client).url == "/staff/"
    assert client.session["signin"]["factor"] == "provider"


def test_the_page_asked_for_is_one_of_ours(client, user, provider):
    assert sign_in(client, to="https://evil.example.org/").url == "/staff/"


def test_signing_out_ends_the_providers_session_too(client, user, provider):
    sign_in(client)

    response = client.post("/logout/")

    there = urlsplit(response.url)
    assert response.url.startswith(f"{provider.issuer}/logout/")
    assert parse_qs(there.query)["post_logout_redirect_uri"] == [f"{SITE}/login/"]
    assert not is_in(client)


def test_who_came_by_password_signs_out_here_alone(client, user, provider):
    client.force_login(user)

    assert client.post("/logout/").url == "/login/"


def test_the_key_of_the_session_is_new(client, user, provider):
    started = client.post("/login/identity/")
    before = client.session.session_key

    client.get(at_the_provider(started.url))

    assert client.session.session_key != before


def test_the_button_stands_on_the_sign_in_page(client, provider, settings):
    settings.OIDC_NAME = "Gansu ID"

    assert "Sign in through Gansu ID" in client.get("/login/").content.decode()
    assert client.get("/login/identity/").status_code == 405


def test_switched_off_there_is_nothing(client, settings):
    settings.OIDC_ISSUER = ""

    assert "identity" not in client.get("/login/").content.decode()
    assert client.post("/login/identity/").status_code == 404
    assert client.get(DONE).status_code == 404


@pytest.mark.parametrize(
    ("issuer", "name", "field", "found"),
    [
        ("", "", "identity", []),
        ("https://id.example.org/", "linli", "identity", []),
        ("http://127.0.0.1:9/o", "linli", "username", []),
        ("http://id.example.org", "linli", "identity", ["people.E010"]),
        ("https://id.example.org", "", "email", ["people.E011", "people.E012"]),
    ],
)
def test_settings_that_cannot_be_right_are_refused(settings, issuer, name, field, found):
    from people.checks import check_identity_provider

    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_ACCOUNT_FIELD = issuer, name, field

    assert [one.id for one in check_identity_provider()] == found
