"""A post that ends signs its holder out at once, whichever way it ended: page, import, command or hand."""

import pgtrigger

_TODAY = "(CURRENT_TIMESTAMP AT TIME ZONE 'Asia/Shanghai')::date"
_SIGN_OUT = "UPDATE people_user SET session_epoch = session_epoch + 1 WHERE id {whose}; RETURN NULL;"

# A last day that lies ahead is in the session itself (people.registry.Tenure): nobody is signed out before it comes.
APPOINTMENT_ENDS = (
    pgtrigger.Trigger(
        name="appointment_end_signs_out",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        func=f"""
            IF (NEW.user_id, NEW.post_id) IS DISTINCT FROM (OLD.user_id, OLD.post_id)
               OR (NEW.ends_on IS DISTINCT FROM OLD.ends_on AND NEW.ends_on <= {_TODAY}) THEN
                {_SIGN_OUT.format(whose="= OLD.user_id")}
            END IF;
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="appointment_gone_signs_out",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func=_SIGN_OUT.format(whose="= OLD.user_id"),
    ),
)
POST_ENDS = (
    pgtrigger.Trigger(
        name="post_end_signs_out",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        func=f"""
            IF NEW.kind IS DISTINCT FROM OLD.kind
               OR (NEW.valid_to IS DISTINCT FROM OLD.valid_to AND NEW.valid_to <= {_TODAY}) THEN
                {_SIGN_OUT.format(whose="IN (SELECT user_id FROM grids_appointment WHERE post_id = NEW.id)")}
            END IF;
            RETURN NULL;
        """,  # noqa: S608 - the words are ours
    ),
)
