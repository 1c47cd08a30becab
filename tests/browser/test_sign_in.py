"""The door, in a real browser and without JavaScript: set up the second factor, come back with a code, then without."""

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from people.models import Authenticator
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def page(chromium: Browser, live_server):
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, locale="zh-CN", base_url=live_server.url, java_script_enabled=False
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def name_and_password(page: Page, user) -> None:
    page.goto("/login/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def type_code(page: Page, code: str) -> None:
    page.fill("[name=code]", code)
    page.press("[name=code]", "Enter")


def sign_out(page: Page) -> None:
    page.locator("form[action='/logout/'] button").click()
    page.wait_for_url("**/login/")


def test_a_secretary_sets_it_up_and_comes_back_with_a_code_and_with_a_recovery_code(page, district, settings):
    settings.SECOND_FACTOR = True
    secretary = district.secretary

    # given the first sign-in: she is led to set it up, and types the key because she cannot scan
    name_and_password(page, secretary)
    page.wait_for_url("**/login/setup/")
    page.locator("summary").click()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    type_code(page, pyotp.TOTP(secret).now())
    codes = page.locator(".l-codes code").all_inner_texts()
    assert len(codes) == 10
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("main a.govuk-button").click()
    page.wait_for_url("**/admin/")

    # when she comes back, the name and the password are not enough, and the code is
    sign_out(page)
    name_and_password(page, secretary)
    page.wait_for_url("**/login/code/")
    page.goto("/admin/")
    expect(page.locator("[name=password]")).to_be_visible()
    page.goto("/login/code/")
    Authenticator.objects.update(last_step=0)  # half a minute later
    type_code(page, pyotp.TOTP(secret).now())
    page.wait_for_url("**/admin/")

    # then the telephone is lost: a code from the paper opens, once
    sign_out(page)
    name_and_password(page, secretary)
    type_code(page, codes[0])
    page.wait_for_url("**/admin/")
    sign_out(page)
    name_and_password(page, secretary)
    type_code(page, codes[0])
    expect(page.locator(".govuk-error-message")).to_be_visible()
    type_code(page, codes[1])
    page.wait_for_url("**/admin/")

    # and she sees where she is signed in
    page.goto("/account/")
    expect(page.locator("main li strong")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
