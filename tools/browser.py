"""The Chromium that the browser tests drive: find it, or install it where we may.

``python tools/browser.py`` is run by ``make test``. Browser tests are never skipped for want of a browser.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium-headless-shell", "fonts-wqy-microhei")
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", *PACKAGES)


def find() -> str | None:
    """Return the path of a Chromium: ``CHROMIUM`` if set, else the first one on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """See to it that there is one; return 1 with one sentence if that is not possible."""
    if find():
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(
            f"The browser tests need a Chromium: run '{' '.join(INSTALL)}' as root (Debian), or install any Chromium "
            "and name it in CHROMIUM=/path/to/chromium.",
            file=sys.stderr,
        )
        return 1
    print(f"No Chromium found: {' '.join(INSTALL)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update", "-q"), INSTALL):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"'{' '.join(command)}' failed: {done.stderr.strip()}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
