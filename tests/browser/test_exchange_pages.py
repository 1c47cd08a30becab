"""Files in and out of the desk in a real browser: a file with errors mended, an export made beside, a report opened."""

import os
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from deadlines.timetable import shanghai_date
from grids.models import Grid
from notifications import downloads
from notifications.models import Download
from petitions import exporting, reports
from petitions.models import Petition, Report
from tests.browser.checking import Checked
from tests.factories import District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
SHOTS = os.environ.get("LINLI_SHOTS")  # a folder to look at the pages in
GRIDS = "/admin/grids/grid/import/"


def look(checked: Checked, name: str) -> None:
    checked.look(name)
    if SHOTS:
        for width in (768, 1440):
            checked.page.set_viewport_size({"width": width, "height": 900})
            checked.page.screenshot(path=str(Path(SHOTS) / f"{name}_{width}.png"), full_page=True)


def fetched(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as coming:
        page.locator(link).first.click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def test_a_file_with_errors_is_mended_seen_and_written_down(browser_of, district: District, tmp_path):
    checked = Checked(browser_of("zh-hans", user=district.secretary))
    page = checked.page
    checked.open(GRIDS)
    template = fetched(page, "a[href$='/template/']", tmp_path)
    book = load_workbook(template)
    sheet = book.worksheets[0]
    sheet.append(["620302001001009", "第九网格", "", "620302001001", "", "2026-01-01", ""])
    sheet.append(["620302001001010", "第十网格", "", "999", "", "2026-02-30", ""])
    book.save(template)

    page.locator("input[type=file]").set_input_files(template)
    checked.press("form[enctype] button")
    expect(page.locator("#problems tbody tr")).to_have_count(2)
    expect(page.locator("#problems tbody tr").first).to_contain_text("D")
    look(checked, "import_errors")
    sheet["D4"], sheet["F4"] = "620302001001", "2026-02-28"
    book.save(template)
    page.locator("input[type=file]").set_input_files(template)
    checked.press("form[enctype] button")
    look(checked, "import_preview")
    assert Grid.objects.count() == 2
    checked.press("form[action$='/process_import/'] button >> nth=0")

    assert checked.violations == []
    assert sorted(Grid.objects.values_list("code", flat=True))[-2:] == ["620302001001009", "620302001001010"]


def test_matters_on_paper_come_in_without_a_script(browser_of, district: District, tmp_path):
    page = browser_of("en", user=district.secretary, scripts=False).new_page()
    page.goto("/admin/petitions/petition/import/")
    file = tmp_path / "paper.csv"
    day = timezone.localdate() - timedelta(days=30)
    file.write_text(f"number,channel,received_at,place_code,text\n7,window,{day},{district.grid.code},路灯不亮\n")

    page.locator("input[type=file]").set_input_files(file)
    page.locator("form[enctype] button").click()
    page.locator("form[action$='/process_import/'] button").first.click()

    expect(page.locator("#changelist")).to_be_visible()
    assert Petition.objects.get().external_id == "window:paper:7"


def test_an_export_shows_its_progress_and_is_fetched(browser_of, district: District, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    for _turn in range(2):
        district.petition(timezone.now() - timedelta(hours=1))
    checked = Checked(browser_of("zh-hans", user=district.secretary))
    page = checked.page
    checked.open("/exports/petitions/")
    page.locator("select[name=form], input[name=form]").first.wait_for()
    checked.press("main form button")
    expect(page.locator("progress")).to_be_visible()
    look(checked, "export_progress")

    assert downloads.make(download_id=str(Download.objects.get().pk), now=timezone.now)

    page.locator("a[href*='/downloads/'][href*='/'].govuk-button").first.wait_for()  # the page asks by itself
    look(checked, "export_ready")
    file = fetched(page, "a.govuk-button", tmp_path)
    assert checked.violations == []
    assert file.stat().st_size > 0


def test_a_monthly_report_is_asked_for_watched_and_opened(browser_of, district: District, tmp_path):
    district.petition(timezone.now() - timedelta(days=40))
    checked = Checked(browser_of("zh-hans", user=district.secretary))
    page = checked.page
    checked.open("/admin/reports/")
    checked.press("main form button")
    expect(page.locator("#progress progress")).to_be_visible()
    look(checked, "report_progress")
    report = Report.objects.get()

    assert reports.write(report_id=report.pk, at=timezone.now())

    page.locator("#progress a[href$='/pdf/'], #progress a[href$='.pdf']").wait_for()
    look(checked, "report_ready")
    pdf = fetched(page, "#progress a[href*='pdf']", tmp_path)
    document = pypdfium2.PdfDocument(pdf)
    words = "".join(one.get_textpage().get_text_bounded() for one in document)
    if SHOTS:
        document[0].render(scale=1.5).to_pil().save(Path(SHOTS) / "report.png")
    assert checked.violations == []
    assert district.community.label in words
    assert report.ends_on < shanghai_date(timezone.now())


def test_the_figures_print_as_their_pictures_and_tables_without_the_controls(browser_of, district: District):
    page = browser_of("zh-hans", user=district.secretary).new_page()
    for url in ("/admin/figures/", "/admin/figures/hours/", "/admin/figures/rapid/"):
        page.goto(url)
        page.emulate_media(media="print")
        for controls in ("form", "nav", ".govuk-button"):
            for one in page.locator(f"main {controls}").all():
                expect(one).to_be_hidden()
        expect(page.locator("main figure, main table").first).to_be_visible()
        page.emulate_media(media="screen")
        expect(page.locator("main nav").first).to_be_visible()
