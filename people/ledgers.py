"""Tables that are written once and read: what a migration says about them.

The trigger (``pgtrigger.Protect``, in the model's Meta) refuses UPDATE and DELETE to everybody, by the name of
the rule. This takes the privilege itself from the runtime role, so that code which drops the trigger gains nothing.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils.translation import gettext as _

from people.errors import NotAllowed

# Skipped where the role does not exist, or where one role does everything (a single DATABASE_URL).
HAS_OWN_ROLE = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND rolname <> current_user)"
PRIVILEGES = "UPDATE, DELETE, TRUNCATE"
MAY_NOT = "SELECT count(*) FROM unnest(%s::text[]) AS t WHERE NOT has_table_privilege(t, 'DELETE')"


def append_only(*tables: str) -> migrations.RunPython:
    """Return the migration operation that leaves the runtime role SELECT and INSERT on these tables."""

    def run(statement: str) -> Callable[[StateApps, BaseDatabaseSchemaEditor], None]:
        def change(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
            role = settings.DATABASE_APP_ROLE
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(HAS_OWN_ROLE, [role])
                if not cursor.fetchone()[0]:
                    return
                for table in tables:
                    cursor.execute(
                        statement.format(
                            privileges=PRIVILEGES,
                            table=schema_editor.quote_name(table),
                            role=schema_editor.quote_name(role),
                        )
                    )

        return change

    return migrations.RunPython(
        run("REVOKE {privileges} ON {table} FROM {role}"), run("GRANT {privileges} ON {table} TO {role}")
    )


def check_may_purge(*tables: str) -> None:
    """Refuse to go on unless the database lets this role delete from every one of these tables.

    :raises NotAllowed: to the runtime role
    """
    with connection.cursor() as cursor:
        cursor.execute(MAY_NOT, [list(tables)])
        refused = cursor.fetchone()[0]
    if refused:
        raise NotAllowed(_("Only the owner of the database may take away what is kept: set LINLI_DB_ROLE=owner."))
