"""What writes a change down: a trigger beside the history of petitions, so that no writer can forget it.

A statement that adds events adds a change for each in the same transaction, as long as any neighbour's system is in
use. The lower app knows nothing of it.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION gateway_note_changes() RETURNS trigger LANGUAGE plpgsql AS $note$
BEGIN
    IF EXISTS (SELECT FROM gateway_client WHERE active) THEN
        INSERT INTO gateway_change (petition_id, event_id, at) SELECT petition_id, id, at FROM written ORDER BY id;
    END IF;
    RETURN NULL;
END $note$;
CREATE TRIGGER gateway_note_changes AFTER INSERT ON petitions_petitionevent
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION gateway_note_changes();
"""
DROP = """
DROP TRIGGER gateway_note_changes ON petitions_petitionevent;
DROP FUNCTION gateway_note_changes();
"""


def note_changes() -> migrations.RunSQL:
    """Return the migration operation that makes the trigger."""
    return migrations.RunSQL(CREATE, DROP)
