"""What axe-core says of a page: violations of WCAG 2.0, 2.1 and 2.2, levels A and AA."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (360, 1440)
RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 120)} ${(node.any[0] || {}).message || ""}`));
}"""


class Checked:
    """What axe says of the pages one browser has opened."""

    def __init__(self, context: BrowserContext, *, widths: tuple[int, ...] = WIDTHS) -> None:
        self.page: Page = context.new_page()
        self.widths = widths
        self.pages = 0
        self.violations: list[str] = []

    def open(self, url: str, *, status: int = 200) -> None:
        """Go to an address and look at it in every width."""
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status == status, f"{url}: {answer.status}"
        self.look(url)

    def press(self, button: str) -> None:
        """Press what leads to another page and wait until that page has come whole: axe reads no page half gone."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(button).click()

    def look(self, name: str) -> None:
        """Look at the page as it stands, in every width; it never scrolls sideways on the phone."""
        self.pages += 1
        for width in self.widths:
            self.page.set_viewport_size({"width": width, "height": 800})
            self.violations += [f"{name} {width} {line}" for line in self.page.evaluate(RUN, WCAG)]
            if width == min(self.widths):
                wide = self.page.evaluate("document.documentElement.scrollWidth")
                self.violations += [f"{name} scrolls sideways: {wide}"] * (wide > width)
