"""What residents look at holds for old eyes and hands: elder version, forced colours, text at twice its size."""

import pytest
from playwright.sync_api import Browser

from fieldwork.models import ServiceStation
from petitions.models import PublicNotice, Survey
from petitions.posters import filing_page
from tests.browser.test_accessibility_everybody import shown  # noqa: F401 - a fixture
from tests.browser.visiting import WIDE
from tests.factories import District
from tests.petitions.filing import FOLLOW, NEW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

# Words below 18 points (24 px), and what is pressed at less than 60 px of height. A link within a sentence keeps its
# line, as WCAG 2.5.8 has it; one that stands alone answers 30 px above and below its middle.
TOO_SMALL = """() => {
  const found = [], seen = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && e.checkVisibility() && !e.closest(".l-hidden, .l-skip, svg, script");
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const e = words.currentNode.parentElement, size = parseFloat(getComputedStyle(e).fontSize);
    if (words.currentNode.textContent.trim() && seen(e) && size < 23.9)
      found.push(`${size} px: ${e.className} ${words.currentNode.textContent.trim().slice(0, 20)}`);
  }
  for (const e of document.querySelectorAll("a, button, input, select, textarea, summary")) {
    if (!seen(e) || (e.matches("a") && e.parentElement.innerText.trim() !== e.innerText.trim())) continue;
    e.scrollIntoView({block: "center"});
    const whole = e.matches("[type=radio], [type=checkbox]") ? e.parentElement : e;
    const box = whole.getBoundingClientRect(), x = box.x + Math.min(box.width / 2, 20), y = box.y + box.height / 2;
    const answers = (at) => e === document.elementFromPoint(x, at) || e.contains(document.elementFromPoint(x, at));
    if (box.height < 59.5 && !(answers(y - 29) && answers(y + 29)))
      found.push(`${box.height} px high: ${e.className} ${e.innerText || e.name}`);
  }
  return found;
}"""
# In forced colours there are no grounds and no shadows: what is pressed or filled in shows by its border, and where the
# keyboard is by its outline.
WITHOUT_EDGE = """() => [...document.querySelectorAll("main .govuk-button, main .l-big, main input, main select, "
  + "main textarea")].filter((e) => {
    const box = e.getBoundingClientRect();
    if (!e.checkVisibility() || box.width < 2 || e.closest(".l-hidden") || e.type === "file") return false;
    const own = getComputedStyle(e.matches("[type=radio], [type=checkbox]") ? e.nextElementSibling : e,
      e.matches("[type=radio], [type=checkbox]") ? "::before" : null);
    e.focus();
    const focus = getComputedStyle(e), mark = getComputedStyle(e.nextElementSibling || e, "::before");
    const edge = parseFloat(own.borderTopWidth) > 0 && own.borderTopStyle !== "none";
    const marked = [focus, mark].some((one) => parseFloat(one.outlineWidth) > 0 && one.outlineStyle !== "none");
    return !edge || !marked;
  }).map((e) => e.outerHTML.slice(0, 90))"""


def pages(shown: District) -> tuple[str, ...]:  # noqa: F811
    return (
        "/", NEW, filing_page(shown.unit), FOLLOW, "/petitions/mine/", "/public/figures/", "/public/data/",
        "/public/board/", f"/public/board/{PublicNotice.objects.get().pk}/", f"/survey/{Survey.objects.get().pk}/",
        "/services/", "/services/Z-04/", "/faq/", f"/areas/{shown.grid.code}/",
        f"/stations/?area={shown.community.code}", f"/stations/{ServiceStation.objects.get().pk}/",
        f"/duties/{shown.community.code}/", f"/bulletins/?area={shown.community.code}", "/mine/data/",
        "/accessibility/", "/privacy/",
    )  # fmt: skip


def test_in_the_elder_version_words_have_18_points_and_targets_60_pixels(browser_of, shown):  # noqa: F811
    page = browser_of("zh-hans", elder=True).new_page()
    found = []
    for url in pages(shown):
        page.goto(url)
        for width in (320, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{url} {width} {line}" for line in page.evaluate(TOO_SMALL)]

    assert found == []


def test_in_forced_colours_everything_to_press_has_an_edge_and_the_focus_an_outline(
    chromium: Browser, live_server, shown  # noqa: F811
):  # fmt: skip
    context = chromium.new_context(base_url=live_server.url, forced_colors="active", contrast="more")
    page = context.new_page()
    found = []
    for url in ("/", filing_page(shown.unit), FOLLOW, "/public/board/", f"/survey/{Survey.objects.get().pk}/"):
        page.goto(url)
        assert page.locator("main .govuk-button, main .l-big").count() >= 1
        found += [f"{url} {line}" for line in page.evaluate(WITHOUT_EDGE)]
    context.close()

    assert found == []


def test_text_at_twice_its_size_stays_on_the_screen(browser_of, shown):  # noqa: F811
    page = browser_of("en").new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    wide = []
    for url in pages(shown):
        page.goto(url)
        page.evaluate("document.documentElement.style.setProperty('font-size', '237.5%', 'important')")
        wide.append((url, page.evaluate(WIDE)))

    assert [one for one in wide if one[1] > 0] == []
