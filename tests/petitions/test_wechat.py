"""In the browser within WeChat: no new windows, nothing saved by a script, nothing installed; files and calls work.

A link with a target opens in the same window there, and the way back keeps what was typed (no page says no-store).
"""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from petitions.enums import Status
from petitions.posters import filing_page
from tests.factories import TUESDAY
from tests.petitions.filing import FOLLOW, NEW, follow_url, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]
TRAPS = re.compile(r"window\.open|serviceWorker|createObjectURL|\bdownload=|\bcapture\b|showSaveFilePicker")


def test_no_page_of_a_resident_holds_a_trap_nor_does_any_script_it_loads(client, district):
    petition = district.petition(TUESDAY, status=Status.CLOSED)
    prove(client, petition)
    urls = (
        "/", NEW, filing_page(district.unit), FOLLOW, follow_url(petition), f"{follow_url(petition)}data/",
        f"{follow_url(petition)}reopen/", f"/petitions/receipt/{petition.number}/", "/petitions/mine/",
        "/public/board/", "/public/figures/", "/services/", "/stations/",
    )  # fmt: skip

    pages = {url: client.get(url).content.decode() for url in urls}

    assert [url for url, page in pages.items() if TRAPS.search(page)] == []
    scripts = {name for page in pages.values() for name in re.findall(r'src="/static/(linli/[a-z]+)[^"]*\.js"', page)}
    assert scripts >= {"linli/linli", "linli/countdown"}
    assert [name for name in scripts if TRAPS.search(Path(finders.find(f"{name}.js")).read_text())] == []


def test_photos_come_from_the_album_or_the_camera_and_numbers_dial(client, district):
    page = client.get(filing_page(district.unit)).content.decode()

    field = re.search(r'<input[^>]*name="photos"[^>]*>', page).group()
    assert re.search(r'accept="image/[^"]+"', field)
    assert "multiple" in field
    assert re.findall(r'href="(tel:[0-9]+)"', page)[-4:] == ["tel:110", "tel:119", "tel:120", "tel:122"]


def test_where_a_file_is_offered_the_way_out_of_wechat_is_said(client, district):
    petition = district.petition(TUESDAY, status=Status.CLOSED)
    client.cookies["django_language"] = "en"
    prove(client, petition)

    assert "WeChat keeps no files." in client.get(f"{follow_url(petition)}data/").content.decode()
