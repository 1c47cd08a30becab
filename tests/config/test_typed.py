"""A switch in the header of a page with a form half filled in: the words come back (rule: nothing typed is lost)."""

from datetime import timedelta

import pytest

from petitions.enums import Status
from petitions.models import Petition
from tests.config.test_scripts import open_page  # noqa: F401 - a fixture

FORM = """
<form method="post" action="/sent" data-switch><input type="hidden" name="next" value="/"><button>EN</button></form>
<main><form method="post" action="/cases/1/accept/">
  <input type="hidden" name="version" value="3">
  <input name="title"><textarea name="words"></textarea>
  <input name="line" value="as it was"><input name="line">
  <select name="unit"><option value="a">A</option><option value="b">B</option></select>
  <select name="areas" multiple><option value="1">1</option><option value="2">2</option><option value="3">3</option>
  </select>
  <input type="checkbox" name="many" value="x"><input type="checkbox" name="many" value="y" checked>
  <input type="radio" name="one" value="p" checked><input type="radio" name="one" value="q">
  <input type="password" name="secret"><input name="code" autocomplete="one-time-code"><input type="file" name="photo">
</form><form method="get" action="/search"><input name="q"></form></main>
"""
VALUES = """() => {
  const form = document.querySelector("main form");
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string")
}"""

SENT = """() => {
  const form = document.querySelector("main form");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.requestSubmit();
}"""


def type_into(page):
    page.fill("[name=title]", "井盖松动")
    page.fill("textarea", "两行\n文字 <b>")
    page.locator("[name=line]").nth(1).fill("second")
    page.select_option("[name=unit]", "b")
    page.select_option("[name=areas]", ["1", "3"])
    page.check("[value=x]")
    page.uncheck("[value=y]")
    page.check("[value=q]")
    page.fill("[name=secret]", "open-sesame")
    page.fill("[name=code]", "123456")
    page.fill("[name=q]", "searched")


@pytest.mark.browser
def test_every_answer_comes_back_once_and_no_secret_does(open_page):  # noqa: F811 - the fixture
    page = open_page(FORM, script="typed.js")
    type_into(page)
    page.click("button")
    kept = page.evaluate("window.sessionStorage.getItem('linli.typed')")

    page.reload()
    back = page.evaluate(VALUES)
    page.reload()

    assert back == [
        ["version", "3"], ["title", "井盖松动"], ["words", "两行\r\n文字 <b>"], ["line", "as it was"],
        ["line", "second"], ["unit", "b"], ["areas", "1"], ["areas", "3"], ["many", "x"], ["one", "q"],
        ["secret", ""], ["code", ""],
    ] or back[2] == ["words", "两行\n文字 <b>"]  # fmt: skip
    assert not any(secret in kept for secret in ("open-sesame", "123456", "searched", "version"))
    assert page.input_value("[name=title]") == ""
    assert page.evaluate("window.sessionStorage.length") == 0


@pytest.mark.browser
def test_after_ten_minutes_or_another_form_nothing_comes_back(open_page):  # noqa: F811 - the fixture
    page = open_page(FORM, script="typed.js")
    for forget in (
        lambda: page.clock.run_for(timedelta(minutes=10, seconds=1).total_seconds() * 1000),
        lambda: page.evaluate(SENT),
    ):
        type_into(page)
        page.click("button")
        forget()
        page.reload()
        assert page.input_value("[name=title]") == ""


@pytest.mark.browser
def test_a_form_that_opens_later_is_filled_when_it_does(open_page):  # noqa: F811 - the fixture
    page = open_page(FORM, script="typed.js")
    type_into(page)
    page.click("button")
    page.evaluate("window.sessionStorage.setItem('kept', window.sessionStorage.getItem('linli.typed'))")

    # the page comes back without the form, which htmx then puts in
    page.evaluate(
        """() => {
          window.sessionStorage.setItem("linli.typed", window.sessionStorage.getItem("kept"));
          const main = document.querySelector("main"), form = main.firstElementChild;
          form.reset(); form.remove();
          document.dispatchEvent(new Event("htmx:afterSettle"));
          main.append(form);
          document.dispatchEvent(new Event("htmx:afterSettle"));
        }"""
    )

    assert page.input_value("[name=title]") == "井盖松动"


# -- without a script: the form that is filled in while somebody speaks ---------------------------------------------


@pytest.mark.django_db
def test_who_files_for_somebody_switches_the_language_and_loses_no_word(client, district):
    client.force_login(district.window)
    page = client.get("/cases/new/").content.decode()
    assert '<button type="submit" form="behalf" name="switch" value="language:en" formnovalidate' in page
    typed = {
        "client_key": "00000000-0000-4000-8000-000000000001", "channel": "window", "text": "井盖松动。\n在门口",
        "name": "常小红", "phone": "138", "confidential": "on", "q": "3号楼",
    }  # fmt: skip

    switched = client.post("/cases/new/", {**typed, "switch": "language:en"})

    body = switched.content.decode()
    assert (switched.status_code, switched.cookies["django_language"].value) == (200, "en")
    assert '<html lang="en"' in body
    assert "govuk-error-message" not in body
    assert not Petition.objects.exists()
    form = switched.context["form"]
    assert {name: str(form[name].value()) for name in typed} == typed


# -- where the switch leads back to --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_after_a_refused_form_the_switch_leads_to_the_page_it_stood_on(client, district):
    petition = district.petition()
    client.force_login(district.secretary)
    opened = f"/cases/{petition.number}/?do=decline"

    refused = client.post(
        f"/cases/{petition.number}/decline/",
        {"version": petition.version, "reason": ""},
        headers={"referer": f"http://testserver{opened}"},
    )
    strange = client.post(
        f"/cases/{petition.number}/decline/", {"reason": ""}, headers={"referer": "https://evil.example/x"}
    )

    assert refused.status_code == 422
    assert f'name="next" value="{opened}"' in refused.content.decode()
    assert "evil.example" not in strange.content.decode()


@pytest.mark.django_db
def test_who_goes_to_an_address_that_only_takes_forms_gets_the_page_above(client, district):
    petition = district.petition(status=Status.ACCEPTED)
    client.force_login(district.secretary)
    address = f"/cases/{petition.number}/decline/"

    gone = client.get(address, headers={"sec-fetch-mode": "navigate"})

    assert (gone.status_code, gone["Location"]) == (302, f"/cases/{petition.number}/")
    assert client.get(address).status_code == 405
    assert client.get(address, headers={"sec-fetch-mode": "cors"}).status_code == 405


def test_a_form_sent_to_a_host_that_is_not_ours_is_refused_and_the_page_that_says_so_does_not_break(client):
    answer = client.post("/petitions/new/", {"text": "x"}, HTTP_HOST="somebody.else.example", HTTP_REFERER="http://a/b")

    assert answer.status_code == 400
    assert b"<h1" in answer.content
