"""Write the initial migrations anew: until the first release each app has one.

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
# lowest first
APPS = ["people", "notifications", "grids", "deadlines", "petitions", "fieldwork", "volunteers", "parties", "gateway"]
FIRST = {
    "grids": "BtreeGistExtension(),  # the exclusion constraints compare ids; trusted, the owner may create it",
    "petitions": 'migrations.RunSQL("CREATE SEQUENCE petition_serial", "DROP SEQUENCE petition_serial"),',
}
LAST = {
    "gateway": "note_changes(),  # a change beside every event, by trigger (ADR 0027)",
    # a rung that moves or fires finds room on its own page: no index of its table gets a new entry (ADR 0008)
    "petitions": (
        'migrations.RunSQL("ALTER TABLE petitions_petitionclockrung SET (fillfactor = 70)", migrations.RunSQL.noop),'
    ),
}
# Tables of which the runtime role may read and add rows, nothing else.
APPEND_ONLY = {
    "people": ["people_auditentry", "people_auditseal", "people_exportlog", "people_factorreset", "people_reveallog"],
    "petitions": [
        "petitions_petitionevent",
        "petitions_publication",
        "petitions_publishedrow",
        "petitions_rating",
    ],
    "fieldwork": ["fieldwork_fileversion", "fieldwork_griddossier"],
    "volunteers": ["volunteers_volunteerevent"],
}
IMPORTS = {
    "BtreeGistExtension": "from django.contrib.postgres.operations import BtreeGistExtension\n",
    "append_only": "\nfrom people.ledgers import append_only\n",
    "note_changes": "\nfrom gateway.noting import note_changes\n",
}
MODELS = "from django.db import migrations, models\n"
# Models are all it takes: pages and registers may be broken meanwhile.
SETTINGS = """
from config.settings import *
ROOT_URLCONF = "config.celery"
INSTALLED_APPS = [app.replace("config.apps.StaffAdminConfig", "django.contrib.admin.apps.SimpleAdminConfig")
                  for app in INSTALLED_APPS]
MIGRATION_MODULES = {modules!r}
"""
OPTIONS = ["-v", "0", "-n", "initial", "--no-header", "--skip-checks"]
INDENT = " " * 8


def main() -> int:
    """Remake those of all apps, lowest first, beside the old ones, and put them in their place when all are made."""
    with (ROOT / ".git" / "remake_migrations.lock").open("w") as lock, tempfile.TemporaryDirectory() as folder:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for app in APPS:
            package = Path(folder, f"remade_{app}")
            package.mkdir()
            (package / "__init__.py").touch()
        for app in APPS:
            if _make(app, folder):
                return 1
            made = sorted(path.name for path in Path(folder, f"remade_{app}").glob("0*.py"))
            if made != ["0001_initial.py"]:
                print(f"{app}: {made}: something in its models depends on an app that depends on it", file=sys.stderr)
                return 1
        for app in APPS:
            path = ROOT / app / "migrations" / "0001_initial.py"
            made = _put_back(app, Path(folder, f"remade_{app}", "0001_initial.py").read_text(encoding="utf-8"))
            path.write_text(made, encoding="utf-8")
            for other in path.parent.glob("0*.py"):
                if other != path:
                    other.unlink()
    return 0


def _make(app: str, folder: str) -> bool:
    """Make and fold the migration of one app, the remade ones below it known, none above; tell whether that failed."""
    at = APPS.index(app)
    modules = dict.fromkeys(APPS[at + 1 :]) | {lower: f"remade_{lower}" for lower in APPS[: at + 1]}
    Path(folder, "remake_settings.py").write_text(SETTINGS.format(modules=modules), encoding="utf-8")
    env = os.environ | {"PYTHONPATH": f"{folder}:{ROOT}", "DJANGO_SETTINGS_MODULE": "remake_settings"}
    command = [sys.executable, "-W", "ignore", "-m", "django", "makemigrations", app, *OPTIONS]
    made = Path(folder, f"remade_{app}", "0001_initial.py")
    fold = [sys.executable, "-W", "ignore", str(ROOT / "tools" / "fold_migration.py"), app, str(made)]
    return any(subprocess.run(one, cwd=ROOT, env=env, check=False).returncode for one in (command, fold))


def _put_back(app: str, text: str) -> str:
    if app in FIRST:
        text = text.replace("    operations = [\n", f"    operations = [\n{INDENT}{FIRST[app]}\n", 1)
    if app in LAST:
        head, _, tail = text.rstrip().rpartition("]")
        text = f"{head.rstrip()}\n{INDENT}{LAST[app]}\n    ]{tail}\n"
    if app in APPEND_ONLY:
        tables = ", ".join(f'"{table}"' for table in APPEND_ONLY[app])
        head, _, tail = text.rstrip().rpartition("]")
        text = f"{head.rstrip()}\n{INDENT}append_only({tables}),\n    ]{tail}\n"
    for word, line in IMPORTS.items():
        if f"{word}(" in text and line not in text:
            text = text.replace(MODELS, f"{MODELS}{line}" if line.startswith("\n") else f"{line}{MODELS}", 1)
    text = text.replace(MODELS, f"{MODELS}\nfrom people.migrating import InOneGo\n", 1)
    return text.replace("class Migration(migrations.Migration):", "class Migration(InOneGo):", 1)


if __name__ == "__main__":
    sys.exit(main())
