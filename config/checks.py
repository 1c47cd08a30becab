"""What must hold of the database we are given."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

SAMPLE = "信访事项"


@register(Tags.database)
def check_trigrams(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django passes it by name
    databases: Sequence[str] | None = None,
    **_kwargs: object,
) -> list[CheckMessage]:
    """Refuse a database whose lc_ctype makes no trigrams of Chinese: its search would find nothing, silently."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT show_trgm(%s)", [SAMPLE])
                trigrams = cursor.fetchone()[0]
        except DatabaseError:
            # The first migration makes the extension; until then there is nothing to search.
            continue
        if not trigrams:
            found.append(
                Error(
                    f"The database '{alias}' makes no trigrams of Chinese words: search would find nothing.",
                    hint="Create it with LC_CTYPE 'C.UTF-8' (or zh_CN.UTF-8), never 'C'.",
                    id="linli.E001",
                )
            )
    return found
