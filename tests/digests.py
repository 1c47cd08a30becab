"""What stands in the database, table by table: to prove that nothing changed, or what did."""

from django.apps import apps
from django.db import connection


def digests() -> dict[str, tuple[int, str]]:
    """How many rows each table has, and what stands in them."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.managed or model._meta.proxy:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM {table} t"
            )
            found[model._meta.label] = cursor.fetchone()
    return found


def changed(before: dict[str, tuple[int, str]]) -> set[str]:
    """Return the models whose tables differ from what they were."""
    now = digests()
    return {label for label in now if now[label] != before[label]}
