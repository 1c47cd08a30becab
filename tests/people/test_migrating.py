"""An initial migration made in one go leaves the database that its steps would leave."""

import pytest
from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from people.migrating import InOneGo

pytestmark = pytest.mark.django_db
CATALOG = """
    SELECT 'column', table_name, ordinal_position::text, column_name, data_type || is_nullable
    FROM information_schema.columns WHERE table_name LIKE 'people_circle%'
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, '', conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE conrelid::regclass::text LIKE 'people_circle%'
    UNION ALL
    SELECT 'index', tablename, '', indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'people_circle%'
    UNION ALL
    SELECT 'comment', 'people_circlehome', '', '', coalesce(obj_description('people_circlehome'::regclass), '')
    ORDER BY 1, 2, 3, 4
"""


def number():
    return [("id", models.BigAutoField(primary_key=True))]


class Steps(migrations.Migration):
    """Two tables that point at each other, and what is added to them one by one."""

    operations = (
        migrations.CreateModel("CircleHome", [*number(), ("name", models.CharField(max_length=9))]),
        migrations.CreateModel(
            "CircleGuest", [*number(), ("home", models.ForeignKey("people.CircleHome", models.PROTECT))]
        ),
        migrations.AddField("CircleHome", "host", models.ForeignKey("people.CircleGuest", models.PROTECT, null=True)),
        migrations.AddField("CircleHome", "friends", models.ManyToManyField("people.CircleGuest", related_name="+")),
        migrations.AddIndex("CircleHome", models.Index(fields=["name", "host"], name="circle_by_name")),
        migrations.AddConstraint(
            "CircleHome", models.CheckConstraint(condition=~models.Q(name=""), name="circle_has_a_name")
        ),
        migrations.AddConstraint("CircleGuest", models.UniqueConstraint(fields=["home", "id"], name="circle_once")),
        migrations.RunSQL("COMMENT ON TABLE people_circlehome IS 'as it stands'", migrations.RunSQL.noop),
    )


class AtOnce(InOneGo, Steps):
    """The same in one go."""


def made_by(kind):
    """Return what stands in the catalog, what the state knows, and whether the state before was left alone."""
    before = ProjectState()
    with transaction.atomic():
        with connection.schema_editor(atomic=False) as editor:
            state = kind("0001_initial", "people").apply(before, editor)
        with connection.cursor() as cursor:
            cursor.execute(CATALOG)
            found = cursor.fetchall()
        transaction.set_rollback(True)
    known = {key: sorted(model.fields) for key, model in state.models.items()}
    drawn = sorted(model._meta.db_table for model in state.apps.get_models(include_auto_created=True))
    return found, known, drawn


def test_what_was_made_in_one_go_is_what_the_steps_make():
    steps, at_once = made_by(Steps), made_by(AtOnce)

    assert at_once == steps
    found = steps[0]
    assert [kind for kind, *_rest in found].count("column") == 3 + 2 + 3
    assert ("constraint", "people_circlehome", "", "circle_has_a_name") in [row[:4] for row in found]
    assert ("comment", "people_circlehome", "", "", "as it stands") in found
    assert sum("FOREIGN KEY" in row[4] for row in found) == 4
    assert [row[3] for row in found if row[0] == "index" and row[3].startswith("circle_")] == [
        "circle_once",
        "circle_by_name",
    ]
