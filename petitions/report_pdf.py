"""A report as a PDF on A4, its Chinese letters embedded (Noto Sans SC, SIL Open Font License): it reads anywhere."""

from collections.abc import Sequence
from typing import Final

import pylopdf_fonts_zh_cn
from django.utils import timezone
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableCellFillMode, XPos, YPos
from fpdf.fonts import FontFace

from petitions import charts
from petitions.rates import Rate
from petitions.report_content import Cell, Change, Content, Table

FONT: Final = "noto"
MARGIN: Final = 18
LINE: Final = 6.5
INK, QUIET, BRAND, SOFT, EDGE = (22, 32, 42), (74, 87, 99), (11, 92, 122), (243, 246, 248), (107, 122, 135)
COURSES: Final = ((11, 92, 122), (138, 90, 0), (15, 107, 58))
DASHES: Final = ((0.0, 0.0), (2.5, 1.2), (0.8, 1.0))
BAR_ROW: Final = 9.0
# a pixel of the page's pictures in millimetres of ours
SCALE: Final = 0.28


class _Sheet(FPDF):
    """A4 pages with the title above and the number of the page below."""

    def __init__(self, content: Content) -> None:
        super().__init__(format="A4")
        self.content = content
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 4)
        self.add_font(FONT, "", pylopdf_fonts_zh_cn.sans_path())
        self.set_title(content.title)
        self.set_lang("zh-CN" if content.language.startswith("zh") else "en")
        self.set_creation_date(content.as_at)
        self.alias_nb_pages()

    def header(self) -> None:
        """Write the title small from the second page on."""
        if self.page_no() > 1:
            self.set_font(FONT, size=9)
            self.set_text_color(*QUIET)
            self.cell(text=self.content.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(3)

    def footer(self) -> None:
        """Write the number of the page, and as at when the figures are."""
        self.set_y(-MARGIN + 2)
        self.set_font(FONT, size=9)
        self.set_text_color(*QUIET)
        moment = f"{timezone.localtime(self.content.as_at):%Y-%m-%d %H:%M}"
        self.cell(text=_("As at %(moment)s") % {"moment": moment})
        self.set_x(MARGIN)
        self.cell(w=self.epw, text=f"{self.page_no()} / {{nb}}", align="R")


def write(content: Content) -> bytes:
    """Return the report as a PDF."""
    sheet = _Sheet(content)
    sheet.add_page()
    _words(sheet, content.title, size=18, colour=INK)
    _words(sheet, content.subtitle, size=11, colour=QUIET)
    _table(sheet, content.key)
    if content.bars.bars:
        _heading(sheet, content.bars_heading, room=30)
        _bars(sheet, content.bars)
    if content.course.courses:
        _heading(sheet, _("The last twelve months"), room=70)
        _course(sheet, content.course)
    _heading(sheet, _("When in the week matters were filed"), room=70)
    _heat(sheet, content.heat)
    _words(sheet, content.off, size=10, colour=QUIET)
    for table in content.tables:
        _heading(sheet, table.heading, room=40)
        _table(sheet, table, named=False)
    _heading(sheet, _("How these are counted"), room=40)
    for name, formula in content.formulae:
        _words(sheet, f"{name}: {formula}", size=9, colour=INK)
    return bytes(sheet.output())


def _words(sheet: FPDF, words: str, *, size: int, colour: tuple[int, int, int]) -> None:
    sheet.set_font(FONT, size=size)
    sheet.set_text_color(*colour)
    sheet.multi_cell(0, text=words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(1)


def _heading(sheet: FPDF, words: str, *, room: float) -> None:
    """Write a heading, on the next page if less than ``room`` millimetres are left for what follows."""
    if sheet.will_page_break(room):
        sheet.add_page()
    sheet.ln(4)
    _words(sheet, words, size=13, colour=BRAND)


def _table(sheet: FPDF, table: Table, *, named: bool = True) -> None:
    if named:
        _heading(sheet, table.heading, room=40)
    sheet.set_font(FONT, size=9)
    sheet.set_text_color(*INK)
    sheet.set_draw_color(*EDGE)
    sheet.set_fill_color(255, 255, 255)
    in_words = [at for at in range(1, len(table.columns)) if any(isinstance(row[at], str) for row in table.rows)]
    widths = (3.0, *(_width(table, at, in_words) for at in range(1, len(table.columns))))
    aligns = ("LEFT", *("LEFT" if at in in_words else "RIGHT" for at in range(1, len(table.columns))))
    with sheet.table(
        headings_style=FontFace(emphasis="", fill_color=SOFT),
        cell_fill_mode=TableCellFillMode.NONE,
        borders_layout="HORIZONTAL_LINES",
        col_widths=widths,
        text_align=aligns,
        line_height=LINE,
        padding=(0, 1),
    ) as grid:
        head = grid.row()
        for name in table.columns:
            head.cell(name)
        for one in table.rows:
            row = grid.row()
            small = any(isinstance(cell, Rate) and cell.is_small for cell in one)
            for cell in one:
                row.cell(words_of(cell), style=FontFace(color=QUIET) if small else None)
    if table.note:
        _words(sheet, table.note, size=9, colour=QUIET)


def _width(table: Table, at: int, in_words: list[int]) -> float:
    """Return how wide a column is beside the first: words need most, rates carry both their counts."""
    if at in in_words:
        return 5.0
    return 2.3 if any(isinstance(row[at], Rate) for row in table.rows) else 1.1


def words_of(cell: Cell) -> str:
    """Return a cell in words: a rate in per cent with both its counts, marked where it is out of few."""
    if cell is None or (isinstance(cell, Change) and cell.value is None):
        return "–"
    if isinstance(cell, Change):
        return f"{cell.value:+}" if cell.value else "0"
    if isinstance(cell, Rate):
        if cell.percent is None:
            return "–"
        few = " " + _("few cases") if cell.is_small else ""
        return f"{cell.percent:.1f}% ({cell.numerator}/{cell.denominator}){few}"
    return str(cell)


def _bars(sheet: FPDF, picture: charts.Bars) -> None:
    width = sheet.epw
    for bar in picture.bars:
        if sheet.will_page_break(BAR_ROW):
            sheet.add_page()
        top = sheet.get_y()
        sheet.set_font(FONT, size=9)
        sheet.set_text_color(*(QUIET if bar.given.is_small else INK))
        sheet.cell(w=width, h=5, text=bar.given.label)
        said = "–" if bar.given.percent is None else f"{bar.given.percent:.1f}%  {bar.given.note}"
        sheet.set_x(MARGIN)
        sheet.cell(w=width, h=5, text=f"{said} {_('few cases')}" if bar.given.is_small else said, align="R")
        sheet.set_fill_color(*SOFT)
        sheet.rect(MARGIN, top + 5, width, 2.6, style="F")
        if bar.given.percent:
            sheet.set_fill_color(*(EDGE if bar.given.is_small else BRAND))
            sheet.rect(MARGIN, top + 5, width * bar.given.percent / 100, 2.6, style="F")
        sheet.set_y(top + BAR_ROW)


def _course(sheet: FPDF, picture: charts.Trend) -> None:
    top, width = sheet.get_y(), sheet.epw

    def x(percent: float) -> float:
        return MARGIN + width * percent / 100

    def y(pixels: float) -> float:
        return top + pixels * SCALE

    sheet.set_font(FONT, size=8)
    sheet.set_text_color(*QUIET)
    sheet.set_draw_color(197, 208, 217)
    sheet.set_line_width(0.2)
    for height, percent in picture.levels:
        sheet.line(x(picture.left), y(height), x(picture.right), y(height))
        sheet.text(MARGIN, y(height) + 1, f"{percent}%")
    for place, label in picture.ticks:
        sheet.text(x(place), y(picture.bottom) + 5, label)
    for one in picture.courses:
        colour = COURSES[one.place % len(COURSES)]
        dash, gap = DASHES[one.place % len(DASHES)]
        sheet.set_draw_color(*colour)
        sheet.set_fill_color(*colour)
        sheet.set_text_color(*colour)
        sheet.set_line_width(0.7)
        sheet.set_dash_pattern(dash=dash, gap=gap)
        for part in one.segments:
            sheet.line(x(part.x1), y(part.y1), x(part.x2), y(part.y2))
        sheet.set_dash_pattern()
        for point in one.points:
            sheet.circle(x(point.x), y(point.y), radius=0.9, style="F")
        sheet.text(x(picture.right + 2), y(one.label_at) + 1, one.name)
    sheet.set_line_width(0.2)
    sheet.set_y(y(picture.height) + 4)


def _heat(sheet: FPDF, picture: charts.Heat) -> None:
    top, width = sheet.get_y(), sheet.epw
    sheet.set_font(FONT, size=8)
    sheet.set_text_color(*QUIET)
    for place, hour in picture.ticks:
        sheet.text(MARGIN + width * place / 100, top + 3, f"{hour}:00")
    for day, row in enumerate(picture.rows):
        sheet.text(MARGIN, top + row[0].y * SCALE + 4.5, weekdays()[day])
        for one in row:
            sheet.set_fill_color(*_shade(one.shade))
            sheet.rect(
                MARGIN + width * one.x / 100,
                top + one.y * SCALE,
                width * picture.width / 100,
                picture.square * SCALE,
                style="F",
            )
    sheet.set_y(top + picture.height * SCALE + 3)


def weekdays() -> Sequence[str]:
    """Return the days of the week, Monday first."""
    return (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


def _shade(shade: int) -> tuple[int, int, int]:
    """Return the colour of a square: from the ground to the brand."""
    if not shade:
        return SOFT
    part = 0.15 + 0.85 * shade / charts.SHADES
    red, green, blue = (round(255 - (255 - channel) * part) for channel in BRAND)
    return red, green, blue
