"""A resident at a screen of his own. Nothing is looked at before its page has come whole; no page scrolls sideways."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page

WECHAT: Final = (
    "Mozilla/5.0 (Linux; Android 10; HLK-AL00; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160083 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F30) "
    "WeChat/arm64 Weixin NetType/2G Language/zh_CN ABI/arm64"
)
WIDE: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes: in which language, on how wide a screen, with scripts or without, in which browser."""

    language: str
    width: int
    scripts: bool
    agent: str = ""

    def __str__(self) -> str:
        return f"{self.language}-{self.width}{'' if self.scripts else '-no-script'}{'-wechat' if self.agent else ''}"

    def context(self, browser: Browser, **options: Any) -> BrowserContext:
        """Return a browser of this kind."""
        return browser.new_context(
            viewport={"width": self.width, "height": 740 if self.width < 800 else 900},
            java_script_enabled=self.scripts,
            reduced_motion="reduce",
            **({"user_agent": self.agent} if self.agent else {}),
            **options,
        )


# Every path is walked in both languages, on both widths, with and without scripts; the main one in all four ways.
TELEPHONE, DESK = Way("zh-hans", 360, scripts=True), Way("en", 1440, scripts=False)
OLD_TELEPHONE, LARGE = Way("en", 360, scripts=False), Way("zh-hans", 1440, scripts=True)
IN_WECHAT = Way("zh-hans", 360, scripts=True, agent=WECHAT)
ALL_WAYS: Final = (TELEPHONE, DESK, OLD_TELEPHONE, LARGE)


class Visitor:
    """One person with one browser."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()

    def open(self, path: str) -> None:
        """Go to an address that answers with a page."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.look()

    def fill(self, **fields: str) -> None:
        """Type into the fields of these names."""
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def press(self, what: str, *, status: int = 200) -> None:
        """Press what leads to another page (a button by its selector) and wait until that page has come whole."""
        with self.page.expect_navigation(wait_until="load") as coming:
            self.page.locator(what).click()
        assert coming.value is not None
        assert coming.value.status == status, f"{self.page.url}: {coming.value.status}"
        self.look()

    def step(self, name: str, *, status: int = 200) -> None:
        """Press a button of the form of filing."""
        self.press(f"main button[name=step][value='{name}']", status=status)

    def look(self) -> None:
        """Nothing on the page lies beside the screen."""
        wide = self.page.evaluate(WIDE)
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide}"

    def follow(self, number: str, code: str) -> None:
        """Open a matter with number and code."""
        self.open("/petitions/follow/")
        self.fill(number=number, code=code)
        self.press("#following .govuk-button")

    def text(self, selector: str) -> str:
        """Return the words of one place on the page."""
        return self.page.locator(selector).inner_text()

    def forget(self, *, but: str) -> None:
        """Lose every cookie but one."""
        kept: list[Mapping[str, Any]] = [one for one in self.context.cookies() if one["name"] == but]
        self.context.clear_cookies()
        self.context.add_cookies(kept)  # type: ignore[arg-type]
