"""``make screens``: pictures of the pages into docs/screens, of a demo district made for it and deleted afterwards."""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import browser as installed
from tools.screens import own_demo
from tools.screens.camera import Camera
from tools.screens.walks import walk

FOLDER = own_demo.ROOT / "docs" / "screens"
HEAD = """# What it looks like

Made by `make screens` from a demo district of its own: everybody and everything in the pictures is invented.
Residents' pages at 360 and 1440 pixels in Chinese, some in English, in the elder version and dark; staff pages of the
main job, each at the screen it is made for. Press a picture to see it whole."""


def main() -> int:
    """Take all pictures and say how much they weigh."""
    given = argparse.ArgumentParser(prog="make screens", description=__doc__)
    given.add_argument("--petitions", type=int, default=150, help="of the demo")
    given.add_argument("--folder", type=Path, default=FOLDER)
    options = given.parse_args()
    path = installed.find()
    if path is None:
        print(f"Needs a Chromium: {' '.join(installed.INSTALL)}", file=sys.stderr)
        return 1
    options.folder.mkdir(parents=True, exist_ok=True)
    with own_demo.running(options.petitions) as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"]
        )
        for old in options.folder.glob("*.png"):
            old.unlink()
        camera = Camera(browser, demo.url, options.folder)
        walk(camera, demo)
        size = camera.write_index(HEAD)
        browser.close()
    pictures = sum(map(len, camera.taken.values()))
    print(f"{pictures} pictures, {size / 1e6:.1f} MB in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
