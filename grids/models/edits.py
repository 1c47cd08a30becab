"""What is done in the registers goes into the audit log, by a trigger on Django's own table of edits."""

from typing import ClassVar

import pgtrigger
from django.contrib.admin.models import LogEntry

from people.retention import Personal

# The names of things and the words of the change stay behind: they may hold what the log must not.
WRITE = """
INSERT INTO people_auditentry (at, kind, actor_id, about, details, address)
SELECT NEW.action_time, 'edited', NEW.user_id,
    coalesce(t.app_label || '.' || t.model, '?') || ':' || left(coalesce(NEW.object_id, ''), 64),
    jsonb_build_object('action', CASE NEW.action_flag WHEN 1 THEN 'insert' WHEN 2 THEN 'update' ELSE 'delete' END), ''
FROM (SELECT NEW.content_type_id AS id) AS n LEFT JOIN django_content_type AS t ON t.id = n.id;
RETURN NULL;
"""


class AdminEdit(LogEntry):
    """Django's record of an edit. It stands here, not in ``people``, because Django's table depends on accounts."""

    personal: ClassVar[Personal] = Personal.none()

    class Meta:
        proxy = True
        triggers = (
            pgtrigger.Trigger(name="edit_audited", when=pgtrigger.After, operation=pgtrigger.Insert, func=WRITE),
        )
