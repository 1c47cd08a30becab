"""Draw the icons of the installed app: two houses side by side on our own colour, and a line that joins them.

Run by hand after a change (``.venv/bin/python tools/draw_icons.py``); what it makes is kept in static/linli/icons.
"""

from pathlib import Path

from PIL import Image, ImageDraw

ICONS = Path(__file__).resolve().parents[1] / "static" / "linli" / "icons"
BRAND, PAPER, LIGHT = "#0b5c7a", "#ffffff", "#ffd166"
TIMES = 4  # drawn larger, then made smaller: smooth edges


def house(draw: ImageDraw.ImageDraw, left: float, top: float, wide: float, colour: str) -> None:
    """A roof over a wall, with a door of the ground's colour; ``wide`` is also how high it stands."""
    middle, right, eaves, foot = left + wide / 2, left + wide, top + wide * 0.42, top + wide
    draw.polygon([(left - wide * 0.08, eaves), (middle, top), (right + wide * 0.08, eaves)], fill=colour)
    draw.rectangle([left + wide * 0.06, eaves, right - wide * 0.06, foot], fill=colour)
    draw.rectangle([middle - wide * 0.12, foot - wide * 0.34, middle + wide * 0.12, foot], fill=BRAND)


def icon(side: int, *, bleed: bool) -> Image.Image:
    """Return one icon; ``bleed``: colour to the edges and the houses smaller, for masks of any form."""
    full = side * TIMES
    picture = Image.new("RGBA", (full, full), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    if bleed:
        draw.rectangle([0, 0, full, full], fill=BRAND)
    else:
        draw.rounded_rectangle([0, 0, full - 1, full - 1], radius=full * 0.2, fill=BRAND)
    scale = 0.8 if bleed else 1.0

    def at(share: float) -> float:
        return full * (0.5 + (share - 0.5) * scale)

    wide = full * 0.3 * scale
    house(draw, at(0.16), at(0.36), wide, PAPER)
    house(draw, at(0.54), at(0.36), wide, PAPER)
    draw.rectangle([at(0.12), at(0.7), at(0.88), at(0.75)], fill=LIGHT)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def main() -> None:
    """Write the three files that the manifest names."""
    ICONS.mkdir(exist_ok=True)
    for name, side, bleed in (("app-192.png", 192, False), ("app-512.png", 512, False), ("mask-512.png", 512, True)):
        icon(side, bleed=bleed).save(ICONS / name, optimize=True)


if __name__ == "__main__":
    main()
