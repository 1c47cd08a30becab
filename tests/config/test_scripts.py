"""The two small scripts of the shell, in a real browser with a clock of its own and no server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import Page, Route

from config.templatetags import linli

STATIC = Path(__file__).resolve().parents[2] / "static" / "linli"
SITE = "http://linli.test"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

pytestmark = [pytest.mark.browser]


@pytest.fixture
def open_page(chromium):
    """Open a page with this body; the telephone's clock stands at noon plus ``wrong_by``."""
    context = chromium.new_context()

    def opened(body: str, *, script: str, wrong_by: timedelta = timedelta(0)) -> Page:
        page = context.new_page()
        html = (
            f'<!DOCTYPE html><html lang="en"><meta name="server-time" content="{int(NOON.timestamp() * 1000)}">'
            f'<title>t</title><script type="module" src="/{script}"></script>'
            f'<body>{body}<div id="page-live" aria-live="polite"></div></body></html>'
        )

        def answer(route: Route) -> None:
            name = route.request.url.removeprefix(f"{SITE}/")
            if name == "sent":
                route.fulfill(status=204)
            elif name.endswith(".js"):
                route.fulfill(body=(STATIC / name).read_text(), content_type="text/javascript")
            else:
                route.fulfill(body=html, content_type="text/html; charset=utf-8")

        page.route(f"{SITE}/**", answer)
        # An installed clock runs on beside run_for: it has to stand, or a slow machine loses a minute.
        page.clock.install(time=NOON + wrong_by - timedelta(seconds=1))
        page.clock.pause_at(NOON + wrong_by)
        page.goto(f"{SITE}/")
        return page

    yield opened
    context.close()


def countdown(due: timedelta, soon: timedelta) -> str:
    with translation.override("en"):
        return linli.countdown_words() + linli.countdown(NOON + due, NOON + soon, now=NOON, about="Lamp in block 3:")


def test_the_countdown_follows_the_servers_clock_and_speaks_only_when_the_state_changes(open_page):
    page = open_page(
        countdown(timedelta(minutes=10), timedelta(minutes=8)), script="countdown.js", wrong_by=timedelta(hours=-7)
    )
    clock, live = page.locator("time"), page.locator("#page-live")

    page.clock.run_for(5 * 60_000)
    running = (clock.text_content(), clock.get_attribute("data-countdown"), live.text_content())
    page.clock.run_for(3 * 60_000)
    soon = (clock.text_content(), clock.get_attribute("class"), live.text_content())
    page.clock.run_for(60_000)
    later = (clock.text_content(), live.text_content())
    page.clock.run_for(61_000)
    late = (clock.text_content(), clock.get_attribute("class"), live.text_content())

    assert running == ("5 minutes left", "news", "")
    assert soon == (
        "Due soon: 2 minutes left",
        "l-badge l-badge--due",
        "Lamp in block 3: Due soon: 2 minutes left",
    )
    assert later == ("Due soon: 1 minute left", "Lamp in block 3: Due soon: 2 minutes left")
    assert late == (
        "less than a minute late",
        "l-badge l-badge--late",
        "Lamp in block 3: less than a minute late",
    )
    assert clock.locator("use").get_attribute("href") == "#l-late"


@pytest.mark.parametrize("minutes", [0, 1, 59, 60, 61, 130, 1439, 1440, 1445, 1500, 4560, 44_640])
def test_browser_and_server_tell_a_span_alike(open_page, minutes):
    page = open_page(countdown(timedelta(days=90), timedelta(days=80)), script="countdown.js")

    told = page.evaluate("ms => import('/countdown.js').then(m => m.span(ms))", minutes * 60_000 + 59_000)

    with translation.override("en"):
        assert told == linli.span(timedelta(minutes=minutes, seconds=59))


def test_a_form_is_sent_once_however_often_the_button_is_pressed(open_page):
    page = open_page('<form method="post" action="/sent"><button>Send</button></form>', script="linli.js")
    sent = []
    page.on("request", lambda request: sent.append(request.method))

    # Playwright itself waits for a button that says it is disabled; a thumb does not.
    for _ in range(3):
        page.evaluate("document.querySelector('button').click()")
    pressed = (list(sent), page.locator("button").get_attribute("aria-disabled"))
    page.clock.run_for(9_000)
    page.evaluate("document.querySelector('button').click()")
    page.wait_for_timeout(100)

    assert pressed == (["POST"], "true")
    assert sent == ["POST", "POST"]


def test_a_question_is_asked_before_what_cannot_be_taken_back(open_page):
    page = open_page(
        '<form method="post" action="/sent"><button data-confirm="Withdraw it?">Withdraw</button></form>',
        script="linli.js",
    )
    sent, asked = [], []
    page.on("request", lambda request: sent.append(request.method))
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))

    page.locator("button").click()

    assert asked == ["Withdraw it?"]
    assert sent == []


def test_the_list_of_errors_is_read_first(open_page):
    page = open_page('<div data-error-summary tabindex="-1" id="errors">Look again</div>', script="linli.js")

    assert page.evaluate("document.activeElement.id") == "errors"


def test_a_field_says_how_much_may_still_be_written(open_page):
    page = open_page(
        '<textarea id="w" maxlength="20" data-count-left="{n} left"></textarea><p id="w_left"></p>', script="linli.js"
    )

    page.fill("#w", "灯坏了")

    assert page.locator("#w_left").text_content() == "17 left"
