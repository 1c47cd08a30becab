"""Write the initial migrations anew: until the first release each app has one. ``tools/remake_migrations.py [app …]``.

What Django cannot find in the models (an extension, a sequence, a privilege taken away) is put back at its place.
Several people may run it at once; they wait for one another.
"""

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ["people", "notifications", "grids", "deadlines", "petitions"]  # lowest first
FIRST = {
    "grids": "BtreeGistExtension(),  # the exclusion constraints compare ids; trusted, the owner may create it",
    "petitions": 'migrations.RunSQL("CREATE SEQUENCE petition_serial", "DROP SEQUENCE petition_serial"),',
}
LAST = {
    "people": 'append_only("people_reveallog"),',
    "petitions": 'append_only("petitions_petitionevent", "petitions_rating"),',
}
IMPORTS = {
    "BtreeGistExtension": "from django.contrib.postgres.operations import BtreeGistExtension\n",
    "append_only": "\nfrom people.ledgers import append_only\n",
}
MODELS = "from django.db import migrations, models\n"
INDENT = " " * 8


def main(wanted: list[str]) -> int:
    """Remake those apps, or all of them; an app that depends on another stays as it is."""
    apps = [app for app in APPS if not wanted or app in wanted]
    with (ROOT / ".git" / "remake_migrations.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = {path: path.read_text() for app in apps for path in (ROOT / app / "migrations").glob("0*.py")}
        for path in kept:
            path.unlink()
        for app in apps:
            if _make(app):
                for path, text in kept.items():
                    path.write_text(text, encoding="utf-8")
                return 1
            _put_back(app)
    return 0


def _make(app: str) -> int:
    """Run makemigrations for one app, with settings that know no migrations of the apps above."""
    with tempfile.TemporaryDirectory() as folder:
        none = dict.fromkeys(APPS[APPS.index(app) + 1 :])
        Path(folder, "remake_settings.py").write_text(
            f"from config.settings import *\nMIGRATION_MODULES = {none!r}\n", encoding="utf-8"
        )
        env = os.environ | {"PYTHONPATH": f"{folder}:{ROOT}", "DJANGO_SETTINGS_MODULE": "remake_settings"}
        command = [sys.executable, "-W", "ignore", "-m", "django", "makemigrations", app, "-v", "0", "-n", "initial"]
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def _put_back(app: str) -> None:
    path = ROOT / app / "migrations" / "0001_initial.py"
    text = path.read_text(encoding="utf-8")
    if app in FIRST:
        text = text.replace("    operations = [\n", f"    operations = [\n{INDENT}{FIRST[app]}\n", 1)
    if app in LAST:
        head, _, tail = text.rstrip().rpartition("]")
        text = f"{head.rstrip()}\n{INDENT}{LAST[app]}\n    ]{tail}\n"
    for word, line in IMPORTS.items():
        if f"{word}(" in text and line not in text:
            text = text.replace(MODELS, f"{MODELS}{line}" if line.startswith("\n") else f"{line}{MODELS}", 1)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
