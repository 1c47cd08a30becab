"""The runtime role may write reveals and read them, nothing else; the trigger of 0001 refuses everybody else too."""

from django.db import migrations

from people.ledgers import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [append_only("people_reveallog")]
