"""Compile every .po file whose .mo is missing or older. The .mo files are not committed."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

BASE_DIR = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Compile what needs it; with ``--quiet`` say nothing."""
    for po in sorted(BASE_DIR.glob("locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        half = mo.with_suffix(".mo.half")
        with half.open("wb") as out:
            write_mo(out, catalogue)
        half.replace(mo)
        if "--quiet" not in arguments:
            print(f"compiled {mo.relative_to(BASE_DIR)}: {len(catalogue)} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
