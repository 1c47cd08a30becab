"""Triggers that write into the audit log: what changes a right is logged whoever changes it, and through whatever door.

Who it was stands in the context that ``pghistory.middleware`` hands to the database with every statement; a command
or a migration has none.
"""

import pgtrigger

from people.enums import AuditKind

ACTOR = "(NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint"

WRITE = """
INSERT INTO people_auditentry (at, kind, actor_id, about, details, address)
SELECT clock_timestamp(), '{kind}', {actor}, '{about}:' || r.id,
    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object({columns}), ''
FROM (SELECT ({row}).*) AS r;
RETURN NULL;
"""


def traced(
    kind: AuditKind, *, about: str, columns: tuple[str, ...], unseen: tuple[str, ...] = (), actor: str = ACTOR
) -> tuple[pgtrigger.Trigger, ...]:
    """Return the triggers for a model's Meta: INSERT, DELETE and UPDATE of one of these columns leave an entry.

    :param about: "app.model", followed in the entry by ":" and the row's id
    :param columns: database columns whose values are codes, keys or dates, never words about a person
    :param actor: SQL that says who did it, by default who is signed in
    :param unseen: columns whose change is worth an entry and whose value is not for the log (a password)
    """
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in (*columns, *unseen))
    found = []
    for operation in (pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete):
        updates = operation is pgtrigger.Update
        values = [f"'{column}', r.{column}" for column in columns]
        if updates:
            values += [f"'{column}_changed', OLD.{column} IS DISTINCT FROM NEW.{column}" for column in unseen]
        found.append(
            pgtrigger.Trigger(
                name=f"traced_{str(operation).lower()}",
                when=pgtrigger.After,
                operation=operation,
                condition=pgtrigger.Condition(changed) if updates else None,
                func=WRITE.format(
                    kind=kind.value,
                    actor=actor,
                    about=about,
                    row="OLD" if operation is pgtrigger.Delete else "NEW",
                    columns=", ".join(values),
                ),
            )
        )
    return tuple(found)
