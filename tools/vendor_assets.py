"""Fetch front-end packages once and keep what we serve under ``static/vendor/``.

Run by a developer when a version changes, never by a set-up, a build or a test:

    python tools/vendor_assets.py

Needs ``npm`` and whatever registry that npm is set up for; no address is written anywhere. What is kept, from which
package, under which licence and with which checksum goes to ``static/vendor/VENDORED.md``.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


def without_foreign_brand(css: str) -> str:
    """Take the parts out of govuk-frontend's style sheet that only GOV.UK itself may or can use.

    The typeface GDS Transport is licensed for gov.uk alone and the royal arms are a protected emblem. Both are also
    ``url()`` to files that we do not ship, on which the manifest storage would stop ``collectstatic``.
    """
    css = re.sub(r"/\*! Copyright[^*]*Margaret Calvert.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", "var(--font,system-ui,sans-serif)")
    css = re.sub(r"[^{}]*\.govuk-footer__copyright-logo[^{}]*\{[^{}]*\}", "", css)
    css = re.sub(r"@media[^{}]*\{\}", "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    if left := re.findall(r"url\((?!data:)[^)]*\)|GDS Transport|crest", css):
        sys.exit(f"Still in the style sheet, mend the expressions above: {left}")
    return css.strip() + "\n"


def without_pictures(css: str) -> str:
    """Take the rules of Leaflet's style sheet out that need pictures we do not ship, or an Internet Explorer.

    We use neither its layer switch nor its pin; the manifest storage would stop on the missing files.
    """
    css = re.sub(r"[^{}]*\{[^{}]*url\([^{}]*\}", "\n", css)
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).strip() + "\n"


def without_map(script: str) -> str:
    """Leave the line out that names a source map we do not ship."""
    return re.sub(r"//# sourceMappingURL=\S+", "", script).strip() + "\n"


@dataclass(frozen=True)
class Kept:
    """One file that we serve: where it lies in the package, what we call it, what we change in it."""

    source: str
    name: str
    change: Callable[[str], str] = str


@dataclass(frozen=True)
class Package:
    """An npm package at one exact version, with the SHA-256 of its tarball.."""

    name: str
    version: str
    licence: str
    sha256: str
    keep: tuple[Kept, ...]


PACKAGES = (
    Package(
        name="govuk-frontend",
        version="6.6.0",
        licence="MIT",
        sha256="52c4eb554e54d8a6e4ba801e9da5ec3a5b930fd2f117a39677f0b6296e954751",
        keep=(Kept("dist/govuk/govuk-frontend.min.css", "govuk-frontend.min.css", without_foreign_brand),),
    ),
    Package(
        name="leaflet",
        version="1.9.4",
        licence="BSD-2-Clause",
        sha256="84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77",
        keep=(
            Kept("dist/leaflet.js", "leaflet.js", without_map),
            Kept("dist/leaflet.css", "leaflet.css", without_pictures),
            Kept("LICENSE", "LICENSE"),
        ),
    ),
)


def fetch(package: Package, into: Path) -> Path:
    """Download the package's tarball with ``npm pack`` and check it against the recorded sum."""
    done = subprocess.run(
        ["npm", "pack", "--json", "--silent", f"{package.name}@{package.version}"],  # noqa: S607
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    tarball = into / json.loads(done.stdout)[0]["filename"]
    found = hashlib.sha256(tarball.read_bytes()).hexdigest()
    if found != package.sha256:
        sys.exit(f"{package.name} {package.version}: tarball is {found}, recorded is {package.sha256 or 'nothing'}.")
    return tarball


def keep(package: Package, tarball: Path) -> list[str]:
    """Write the kept files; return one line of the record for each."""
    folder = VENDOR / package.name
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    with tarfile.open(tarball) as archive:
        for file in package.keep:
            member = archive.extractfile(f"package/{file.source}")
            if member is None:
                sys.exit(f"{package.name} {package.version} has no {file.source}.")
            content = file.change(member.read().decode()).encode()
            (folder / file.name).write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            lines.append(f"| `{package.name}/{file.name}` | `{file.source}` | {len(content)} | `{digest}` |")
    # Some packages ship without their licence text; then it is added by hand, and must be there.
    if not list(folder.glob("LICEN[CS]E*")):
        sys.exit(f"{folder.name}: put the licence text beside the files.")
    return lines


def main() -> None:
    """Vendor every package of the table and write the record."""
    record = ["# Vendored front-end files", "", "Written by `tools/vendor_assets.py`; do not edit.", ""]
    record += ["| Package | Version | Licence | SHA-256 of the npm tarball |", "|---|---|---|---|"]
    files = ["", "| File | In the package | Bytes | SHA-256 as served |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            tarball = fetch(package, Path(folder))
            record.append(f"| {package.name} | {package.version} | {package.licence} | `{package.sha256}` |")
            files += keep(package, tarball)
    record += files
    record += [
        "",
        "From govuk-frontend the typeface GDS Transport, the royal arms and the source map are taken out (see",
        "`without_foreign_brand`). htmx is not here: it comes with the django-htmx wheel (`{% htmx_script %}`). From",
        "Leaflet the rules that need its pictures are taken out (see `without_pictures`).",
    ]
    (VENDOR / "VENDORED.md").write_text("\n".join(record) + "\n")


if __name__ == "__main__":
    main()
