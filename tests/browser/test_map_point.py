"""A point on the map in a real browser, from a source of tiles that is a process of its own on the loopback."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from petitions.enums import TextKind
from petitions.models import Petition, PetitionText
from petitions.posters import filing_page
from tests.browser.checking import Checked
from tests.browser.visiting import LARGE, OLD_TELEPHONE, TELEPHONE
from tests.petitions.filing import NEW, WORDS
from tests.processes import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
# the middle of the square, as the map opens
MIDDLE = (38.55, 102.2)


@dataclass(slots=True)
class Source:
    """Where the tiles come from, and what was asked of it."""

    origin: str
    log: Path

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def source(tmp_path, settings) -> Iterator[Source]:
    """A running source of tiles that the platform is set up for."""
    log = tmp_path / "tiles.log"
    command = [sys.executable, "-m", "tests.browser.tiles", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        origin = f"http://127.0.0.1:{int(server.stdout.readline())}"
        settings.MAP_TILES = origin + "/{z}/{x}/{y}.png"
        settings.MAP_ATTRIBUTION = "示例测绘院 · 审图号 甘S(2026)1号"
        settings.MAP_BOUNDS = "38.4,102.0,38.7,102.4"
        yield Source(origin, log)
        server.terminate()


def elsewhere(page: Page, *, own: str) -> list[str]:
    """Note every request that leaves our own site."""
    asked: list[str] = []
    page.on("request", lambda one: None if one.url.startswith((own, "data:")) else asked.append(one.url))
    return asked


def where(page: Page) -> tuple[float, float]:
    """Return the point the form would send."""
    latitude, longitude = page.input_value("#id_point").split(",")
    return float(latitude), float(longitude)


def kept(petition: Petition) -> str:
    return PetitionText.objects.get(petition=petition, kind=TextKind.POINT).original


def test_without_a_source_there_is_no_map_and_no_request_leaves(visitor, district, live_server):
    resident = visitor(TELEPHONE)
    left = elsewhere(resident.page, own=live_server.url)

    resident.open(filing_page(district.unit))

    assert resident.page.locator("[data-point], [name=point], script[src*=leaflet]").count() == 0
    assert left == []


def test_a_point_is_set_by_buttons_and_by_keys_and_comes_with_the_matter(visitor, district, source, live_server):
    for way in (TELEPHONE, LARGE):
        resident = visitor(way)
        page = resident.page
        left = elsewhere(page, own=live_server.url)
        resident.open(filing_page(district.unit))
        assert left == []  # nothing is asked of anybody before somebody wants the map

        page.focus("[data-point-open]")
        page.keyboard.press("Enter")
        expect(page.locator(".leaflet-tile-loaded").first).to_be_visible()
        resident.look()
        assert {url.startswith(source.origin) for url in left} == {True}
        assert page.input_value("#id_point") == ""
        page.click("[data-point-do=closer]")
        assert page.input_value("#id_point") == ""  # to look closer is not yet to say "here"

        page.click("[data-point-do=north]")
        first = where(page)
        assert first[0] > MIDDLE[0]
        assert first[1] == pytest.approx(MIDDLE[1], abs=1e-4)
        page.focus("[data-point-map]")
        page.keyboard.press("ArrowRight")
        expect(page.locator("#id_point")).not_to_have_value(f"{first[0]:.5f},{first[1]:.5f}")
        page.focus("[data-point-do=set]")
        page.keyboard.press("Enter")
        second = where(page)
        assert second[0] == pytest.approx(first[0], abs=1e-4)
        assert second[1] > first[1]
        expect(page.locator("[data-point-said]")).to_contain_text(f"{second[0]:.5f}, {second[1]:.5f}")
        page.click("[data-point-do=clear]")
        assert page.input_value("#id_point") == ""
        page.click("[data-point-do=set]")

        resident.fill(text=WORDS)
        resident.step("check")
        resident.step("send")

        petition = Petition.objects.get(number=resident.text("#number"))
        assert kept(petition) == f"{second[0]:.5f},{second[1]:.5f}"
        resident.press("main a.govuk-button")
        assert kept(petition) not in page.content()
    # the source learns squares of the map, not who asks nor from which page
    assert {line.split(" ", 1)[1] for line in source.asked()} == {"- -"}


def test_without_scripts_one_describes_the_place(visitor, district, source, live_server):
    resident = visitor(OLD_TELEPHONE)
    left = elsewhere(resident.page, own=live_server.url)
    resident.open(filing_page(district.unit))

    assert not resident.page.locator("[data-point]").is_visible()
    resident.fill(text=WORDS, place_words="next to the gate")
    resident.step("check")
    resident.step("send")

    petition = Petition.objects.get(number=resident.text("#number"))
    assert not PetitionText.objects.filter(petition=petition, kind=TextKind.POINT).exists()
    assert left == []


def test_the_device_says_where_it_is_and_tiles_drawn_in_gcj_02_get_the_same_point(visitor, district, source, settings):
    settings.MAP_DATUM = "GCJ-02"
    resident = visitor(TELEPHONE, geolocation={"latitude": 38.51, "longitude": 102.19}, permissions=["geolocation"])
    page = resident.page
    resident.open(filing_page(district.unit))
    page.click("[data-point-open]")
    page.click("[data-point-do=here]")
    expect(page.locator("#id_point")).not_to_have_value("")

    # a pair that is known: the gate of Tian'anmen as a receiver gives it, and as such maps draw it
    there = page.evaluate(
        """async (address) => {
          const {toTiles, fromTiles} = await import(address);
          const drawn = toTiles([39.915, 116.404], "GCJ-02");
          return [drawn, fromTiles(drawn, "GCJ-02"), toTiles([39.915, 116.404], "WGS-84")];
        }""",
        page.get_attribute("[data-point-open]", "data-point-open"),
    )

    assert where(page) == pytest.approx((38.51, 102.19), abs=2e-5)
    assert there[0] == pytest.approx([39.91640428150164, 116.41024449916938], abs=1e-9)
    assert there[1] == pytest.approx([39.915, 116.404], abs=1e-8)
    assert there[2] == [39.915, 116.404]


def test_staff_see_it_drawn_and_neither_map_breaks_a_rule_of_accessibility(browser_of, district, source):
    petition = district.petition(point="38.52001,102.18777")

    resident, staff = Checked(browser_of("zh-hans", elder=True)), Checked(browser_of("en", user=district.worker))
    for at, address in ((resident, NEW), (staff, f"/cases/{petition.number}/")):
        at.page.goto(address)
        if at is resident:  # the elder version asks one thing a page, first what happened
            at.page.fill("main [name=text]", WORDS)
            at.page.click("main button[name=step][value=next]")
        at.page.click("[data-point-open]")
        expect(at.page.locator(".leaflet-tile-loaded").first).to_be_visible()
        at.look(address)

    assert staff.page.locator(".leaflet-overlay-pane path").count() == 1
    assert resident.violations + staff.violations == []
    sizes = resident.page.locator("[data-point-do]").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(sizes) >= 60
