"""What the runtime role may do in our own tables (architecture.md, decision 7)."""

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db


def _rows(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def test_the_runtime_role_is_not_the_owner():
    assert _rows("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = %s", settings.DATABASE_APP_ROLE) == [
        (False, False)
    ]
    assert _rows("SELECT count(*) FROM pg_tables WHERE tableowner = %s", settings.DATABASE_APP_ROLE) == [(0,)]


def test_the_runtime_role_reads_every_table_and_empties_none():
    tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"

    unreadable = _rows(f"{tables} AND NOT has_table_privilege(%s, oid, 'SELECT')", settings.DATABASE_APP_ROLE)
    emptied = _rows(f"{tables} AND has_table_privilege(%s, oid, 'TRUNCATE')", settings.DATABASE_APP_ROLE)

    assert (unreadable, emptied) == ([], [])
