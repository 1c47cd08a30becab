"""An initial migration in one go: the tables as they end up, instead of step by step.

Django draws every model anew after each step of a migration that touches its neighbours, and here everything is a
neighbour of everything: 52,000 drawings, 50 s of CPU before the first page. A table that the same migration makes
needs no steps: it is made whole, as ``migrate --run-syncdb`` makes tables.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.fields import AddField
from django.db.migrations.operations.models import AddConstraint, AddIndex, CreateModel
from django.db.migrations.state import ProjectState


class InOneGo(migrations.Migration):
    """Columns, indexes and constraints added to a table that this migration makes are part of its making.

    Only forwards, and only for what starts from nothing: the reverse goes step by step, as Django does it.
    """

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,  # noqa: FBT001, FBT002 - as Django calls it
    ) -> ProjectState:
        """Bring the state to its end, then the database, in the order of the operations.

        :param project_state: what the migrations before have made; it is left as it is
        :returns: the state after this migration
        """
        if collect_sql:  # sqlmigrate
            return super().apply(project_state, schema_editor, collect_sql)
        before, state = project_state, project_state.clone()
        state.__dict__.pop("apps", None)  # not drawn, so nothing is drawn anew
        for operation in self.operations:
            operation.state_forwards(self.app_label, state)
        made: set[str] = set()
        for operation in self.operations:
            if isinstance(operation, CreateModel):
                made.add(operation.name_lower)
            elif isinstance(operation, AddField | AddIndex | AddConstraint) and operation.model_name_lower in made:
                continue
            operation.database_forwards(self.app_label, schema_editor, before, state)
        return state
