"""Write an initial migration with fewer steps: fields, indexes and constraints go into the model that they belong to.

Django renders the whole state anew for every step, so a database with a fifth of the steps is made in a fraction of
the time. ``tools/fold_migration.py app file``; the settings name the app.
"""

import importlib.util
import sys
from pathlib import Path

import django
from django.db.migrations import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.optimizer import MigrationOptimizer
from django.db.migrations.writer import MigrationWriter
from pgtrigger.migrations import AddTrigger

OPTION = {AddConstraint: "constraints", AddIndex: "indexes"}


def fold(operations: list[Operation], app: str) -> list[Operation]:
    """Return operations that end in the same schema; triggers come last, in their order."""
    triggers = [one for one in operations if isinstance(one, AddTrigger)]
    others = [one for one in operations if not isinstance(one, AddTrigger)]
    found = MigrationOptimizer().optimize(others, app)
    made = {one.name_lower: one for one in found if isinstance(one, CreateModel)}
    late = {one.model_name_lower for one in found if isinstance(one, AddField)}
    kept: list[Operation] = []
    for one in found:
        option = OPTION.get(type(one))
        name = getattr(one, "model_name_lower", "")
        if option is None or name not in made or name in late:
            kept.append(one)
        else:
            made[name].options.setdefault(option, []).append(one.index if option == "indexes" else one.constraint)
    return kept + triggers


def main(app: str, file: str) -> None:
    """Fold the migration in ``file`` where it lies."""
    django.setup()
    spec = importlib.util.spec_from_file_location("folded", file)
    assert spec is not None and spec.loader is not None  # noqa: PT018, S101 - a file that was just written
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    migration: Migration = module.Migration("0001_initial", app)
    migration.operations = fold(list(migration.operations), app)
    Path(file).write_text(MigrationWriter(migration, include_header=False).as_string(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
