"""Takes pictures of pages, keeps them small, and writes the index of what it took."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page

MOST_BYTES: Final = 150_000
TALLEST: Final = 3600  # pixels: a long list looks the same further down
COLOURS: Final = (48, 32, 16)


@dataclass(frozen=True, slots=True)
class Face:
    """How a page is looked at."""

    name: str
    language: str = "zh-hans"
    width: int = 360
    elder: bool = False
    dark: bool = False


ZH, WIDE = Face("360"), Face("1440", width=1440)
EN, ELDER, DARK = Face("360-en", language="en"), Face("360-elder", elder=True), Face("360-dark", dark=True)
FACES: Final[Mapping[str, str]] = {
    ZH.name: "360 px",
    WIDE.name: "1440 px",
    EN.name: "English",
    ELDER.name: "长辈版 (elder)",
    DARK.name: "dark",
    "print": "on paper",
}


@dataclass(slots=True)
class Camera:
    """Opens browsers on one address and keeps every picture in one folder."""

    browser: Browser
    url: str
    folder: Path
    taken: dict[str, dict[str, str]] = field(default_factory=dict)

    def visit(self, face: Face) -> "Visit":
        """Return a browser of somebody new."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": face.width, "height": 740 if face.width < 800 else 900},  # noqa: PLR2004
            color_scheme="dark" if face.dark else "light",
            reduced_motion="reduce",
            locale="en" if face.language == "en" else "zh-CN",
        )
        context.set_default_timeout(30_000)
        cookies = {"django_language": face.language} | ({"elder": "1"} if face.elder else {})
        context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in cookies.items()])
        return Visit(self, face, context.new_page())

    def keep(self, name: str, title: str, face: str, png: bytes) -> None:
        """Write one picture with as many colours as fit into its size."""
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
        for colours in COLOURS:
            out = io.BytesIO()
            palette = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            palette.save(out, "PNG", optimize=True)
            if out.tell() < MOST_BYTES:
                break
        file = f"{name}-{face}.png"
        (self.folder / file).write_bytes(out.getvalue())
        self.taken.setdefault(title, {})[face] = file

    def write_index(self, head: str) -> int:
        """Write README.md; return the size of all pictures in bytes."""
        lines = [head]
        for title, files in self.taken.items():
            lines.append(f"\n## {title}\n")
            lines.append(
                " ".join(
                    f'<a href="{file}"><img src="{file}" alt="{title}, {FACES[face]}" height="320"></a>'
                    for face, file in files.items()
                )
            )
        (self.folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return sum(file.stat().st_size for file in self.folder.glob("*.png"))


@dataclass(slots=True)
class Visit:
    """One person at one screen."""

    camera: Camera
    face: Face
    page: Page

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(path, wait_until="load")

    def press(self, what: str) -> None:
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(what).first.click()

    def fill(self, within: str = "main", **fields: str) -> None:
        """Type into fields by their names."""
        for name, value in fields.items():
            self.page.fill(f"{within} [name={name}]", value)

    def sign_in(self, name: str, password: str) -> None:
        """Sign in as a member of staff."""
        self.open("/login/")
        self.fill(username=name, password=password)
        self.press("main form button.govuk-button")

    def shot(self, name: str, title: str) -> None:
        """Take a picture of the whole page."""
        self.page.evaluate("document.querySelectorAll('img').forEach((one) => { one.loading = 'eager'; })")
        self.page.wait_for_load_state("networkidle")
        png = self.page.screenshot(full_page=True, animations="disabled")
        self.camera.keep(name, title, self.face.name, png)

    def print(self, name: str, title: str) -> None:
        """Take a picture of the page as the printer gets it: A4 less its margins, at 96 dots to the inch."""
        size = dict(self.page.viewport_size or {})
        self.page.emulate_media(media="print")
        self.page.set_viewport_size({"width": 672, "height": 990})
        png = self.page.screenshot(clip={"x": 0, "y": 0, "width": 672, "height": 990}, full_page=True)
        self.camera.keep(name, title, "print", png)
        self.page.emulate_media(media="screen")
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})

    def close(self) -> None:
        """Go away."""
        self.page.context.close()
