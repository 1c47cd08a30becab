import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import grids.models.areas
import grids.models.posts
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),  # the exclusion constraints compare ids; trusted, the owner may create it
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("leave", "leave"),
                            ("duty_elsewhere", "on duty elsewhere"),
                            ("training", "training"),
                            ("other", "other"),
                        ],
                        default="leave",
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputised",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deputy",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "appointment",
                "verbose_name_plural": "appointments",
            },
        ),
        migrations.CreateModel(
            name="AbsenceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("leave", "leave"),
                            ("duty_elsewhere", "on duty elsewhere"),
                            ("training", "training"),
                            ("other", "other"),
                        ],
                        default="leave",
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deputy",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="grids.absence",
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grids.appointment",
                        verbose_name="appointment",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="absence",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="absences",
                to="grids.appointment",
                verbose_name="appointment",
            ),
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.SmallIntegerField(
                        choices=[
                            (1, "province"),
                            (2, "city"),
                            (3, "district"),
                            (4, "subdistrict or town"),
                            (5, "community"),
                            (6, "grid"),
                            (7, "building"),
                            (8, "unit (stairwell)"),
                        ],
                        verbose_name="level",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "short_name",
                    models.CharField(
                        blank=True,
                        help_text="The name as people say it, without its suffix.",
                        max_length=100,
                        verbose_name="short name",
                    ),
                ),
                (
                    "name_key",
                    models.CharField(
                        blank=True, db_collation="C", editable=False, max_length=400, verbose_name="pinyin"
                    ),
                ),
                (
                    "initials",
                    models.CharField(
                        blank=True, db_collation="C", editable=False, max_length=100, verbose_name="pinyin initials"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=32, verbose_name="code")),
                ("path", models.TextField(db_collation="C", db_default="", editable=False, verbose_name="path")),
                ("served", models.BooleanField(default=False, verbose_name="served by us")),
                (
                    "division_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("subdistrict", "subdistrict"),
                            ("town", "town"),
                            ("township", "township"),
                            ("other", "other"),
                            ("residents_committee", "residents' committee"),
                            ("villagers_committee", "villagers' committee"),
                            ("quasi_residents", "like a residents' committee"),
                            ("quasi_villagers", "like a villagers' committee"),
                            ("general_grid", "general grid"),
                            ("dedicated_grid", "dedicated grid"),
                        ],
                        max_length=20,
                        verbose_name="division type",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to (last day)")),
                ("source", models.CharField(blank=True, max_length=100, verbose_name="source")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="grids.area",
                        verbose_name="lies in",
                    ),
                ),
            ],
            options={
                "verbose_name": "area",
                "verbose_name_plural": "areas",
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[],
            options={
                "verbose_name": "building",
                "verbose_name_plural": "buildings",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("grids.area",),
        ),
        migrations.CreateModel(
            name="Community",
            fields=[],
            options={
                "verbose_name": "community",
                "verbose_name_plural": "communities",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("grids.area",),
        ),
        migrations.CreateModel(
            name="Grid",
            fields=[],
            options={
                "verbose_name": "grid",
                "verbose_name_plural": "grids",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("grids.area",),
        ),
        migrations.CreateModel(
            name="Street",
            fields=[],
            options={
                "verbose_name": "street",
                "verbose_name_plural": "streets",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("grids.area",),
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[],
            options={
                "verbose_name": "unit (stairwell)",
                "verbose_name_plural": "units (stairwells)",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("grids.area",),
        ),
        migrations.CreateModel(
            name="AreaEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "level",
                    models.SmallIntegerField(
                        choices=[
                            (1, "province"),
                            (2, "city"),
                            (3, "district"),
                            (4, "subdistrict or town"),
                            (5, "community"),
                            (6, "grid"),
                            (7, "building"),
                            (8, "unit (stairwell)"),
                        ],
                        verbose_name="level",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "short_name",
                    models.CharField(
                        blank=True,
                        help_text="The name as people say it, without its suffix.",
                        max_length=100,
                        verbose_name="short name",
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=32, verbose_name="code")),
                ("served", models.BooleanField(default=False, verbose_name="served by us")),
                (
                    "division_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("subdistrict", "subdistrict"),
                            ("town", "town"),
                            ("township", "township"),
                            ("other", "other"),
                            ("residents_committee", "residents' committee"),
                            ("villagers_committee", "villagers' committee"),
                            ("quasi_residents", "like a residents' committee"),
                            ("quasi_villagers", "like a villagers' committee"),
                            ("general_grid", "general grid"),
                            ("dedicated_grid", "dedicated grid"),
                        ],
                        max_length=20,
                        verbose_name="division type",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to (last day)")),
                ("source", models.CharField(blank=True, max_length=100, verbose_name="source")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grids.area",
                        verbose_name="lies in",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="grids.area",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DutyMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to (last day)")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duty_memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty list member",
                "verbose_name_plural": "duty list",
            },
        ),
        migrations.CreateModel(
            name="DutyMemberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to (last day)")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="grids.dutymember",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("department", "department"),
                            ("utility", "utility"),
                            ("property_company", "property company"),
                            ("committee", "residents' or villagers' committee"),
                            ("public_institution", "public institution"),
                            ("enterprise", "enterprise"),
                            ("social", "social organisation"),
                            ("other", "other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "code",
                    models.CharField(
                        db_collation="C",
                        help_text="Unified social credit code, or our own printed code.",
                        max_length=32,
                        verbose_name="code",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to (last day)")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="grids.area",
                        verbose_name="area",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
            },
        ),
        migrations.CreateModel(
            name="OrganisationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("department", "department"),
                            ("utility", "utility"),
                            ("property_company", "property company"),
                            ("committee", "residents' or villagers' committee"),
                            ("public_institution", "public institution"),
                            ("enterprise", "enterprise"),
                            ("social", "social organisation"),
                            ("other", "other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "code",
                    models.CharField(
                        db_collation="C",
                        help_text="Unified social credit code, or our own printed code.",
                        max_length=32,
                        verbose_name="code",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to (last day)")),
                (
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grids.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="grids.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unit_head", "unit head"),
                            ("building_head", "building head"),
                            ("grid_worker", "grid worker"),
                            ("grid_lead", "grid lead"),
                            ("community_secretary", "community secretary"),
                            ("community_worker", "community worker"),
                            ("dispatcher", "dispatcher"),
                            ("street_leader", "street leader"),
                            ("department_handler", "department handler"),
                            ("department_head", "department head"),
                            ("supervisor", "supervisor"),
                            ("district_command", "district command"),
                            ("system_administrator", "system administrator"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="If it differs from the kind.",
                        max_length=60,
                        verbose_name="title of the post",
                    ),
                ),
                ("seats", models.PositiveSmallIntegerField(default=1, verbose_name="seats")),
                (
                    "office_phone",
                    models.CharField(
                        blank=True,
                        help_text="The office's, never a private one: it is public.",
                        max_length=32,
                        verbose_name="office telephone",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to (last day)")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="grids.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="grids.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
            },
        ),
        migrations.CreateModel(
            name="AppointmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="grids.appointment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grids.post",
                        verbose_name="post",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="appointment",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appointments",
                to="grids.post",
                verbose_name="post",
            ),
        ),
        migrations.CreateModel(
            name="PostEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unit_head", "unit head"),
                            ("building_head", "building head"),
                            ("grid_worker", "grid worker"),
                            ("grid_lead", "grid lead"),
                            ("community_secretary", "community secretary"),
                            ("community_worker", "community worker"),
                            ("dispatcher", "dispatcher"),
                            ("street_leader", "street leader"),
                            ("department_handler", "department handler"),
                            ("department_head", "department head"),
                            ("supervisor", "supervisor"),
                            ("district_command", "district command"),
                            ("system_administrator", "system administrator"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="If it differs from the kind.",
                        max_length=60,
                        verbose_name="title of the post",
                    ),
                ),
                ("seats", models.PositiveSmallIntegerField(default=1, verbose_name="seats")),
                (
                    "office_phone",
                    models.CharField(
                        blank=True,
                        help_text="The office's, never a private one: it is public.",
                        max_length=32,
                        verbose_name="office telephone",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to (last day)")),
                (
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grids.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grids.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="grids.post",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ServiceHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                ("month_from", models.PositiveSmallIntegerField(default=1, verbose_name="from month")),
                ("month_to", models.PositiveSmallIntegerField(default=12, verbose_name="to month (inclusive)")),
                ("opens", models.TimeField(verbose_name="opens")),
                ("closes", models.TimeField(verbose_name="closes")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the default for every area without hours of its own.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_hours",
                        to="grids.area",
                        verbose_name="area",
                    ),
                ),
            ],
            options={
                "verbose_name": "service hours",
                "verbose_name_plural": "service hours",
            },
        ),
        migrations.CreateModel(
            name="ServiceHoursEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                ("month_from", models.PositiveSmallIntegerField(default=1, verbose_name="from month")),
                ("month_to", models.PositiveSmallIntegerField(default=12, verbose_name="to month (inclusive)")),
                ("opens", models.TimeField(verbose_name="opens")),
                ("closes", models.TimeField(verbose_name="closes")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Empty: the default for every area without hours of its own.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grids.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="grids.servicehours",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="absenceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1d7df6aee102f9f6f7985ef2986abcc9264c0a0a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_13fff",
                    table="grids_absenceevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_on__lte", models.F("ends_on"))),
                name="absence_starts_before_end",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason_code__in", ["leave", "duty_elsewhere", "training", "other"])),
                name="absence_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("appointment", "="),
                    (
                        grids.models.posts.Days(
                            "starts_on",
                            "ends_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="absence_not_twice_at_once",
                violation_error_message="These absences overlap.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="absence",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grids_absenceevent" ("appointment_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_code", "starts_on") VALUES (NEW."appointment_id", NEW."deputy_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason_code", NEW."starts_on"); RETURN NULL;',
                    hash="7619af186e919f35e39e44f0351f0dde93c5c8ad",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_62511",
                    table="grids_absence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="absence",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grids_absenceevent" ("appointment_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_code", "starts_on") VALUES (NEW."appointment_id", NEW."deputy_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason_code", NEW."starts_on"); RETURN NULL;',
                    hash="22a6171bc799b4f7077114f6d495e9e73b7c9d47",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9280b",
                    table="grids_absence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="absence",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grids_absenceevent" ("appointment_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_code", "starts_on") VALUES (OLD."appointment_id", OLD."deputy_id", OLD."ends_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason_code", OLD."starts_on"); RETURN NULL;',
                    hash="8ba174e3db71947f372b7b867102fe84a0652e2a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4281f",
                    table="grids_absence",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(models.F("path"), name="area_path"),
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(
                models.F("level"), models.F("name_key"), condition=models.Q(("served", True)), name="area_served"
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(
                fields=("code",), name="area_code_unique", violation_error_message="This code is taken."
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(condition=models.Q(("level__range", (1, 8))), name="area_level_known"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("code", ""), _negated=True)),
                name="area_name_and_code_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(grids.models.areas.EndsInId("path", "id"), ("parent__isnull", False)),
                    models.Q(
                        ("parent__isnull", True),
                        (
                            "path",
                            django.db.models.functions.text.Concat(
                                django.db.models.functions.comparison.Cast("id", models.TextField()),
                                models.Value("/", output_field=models.TextField()),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="area_path_ends_in_own_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="area_valid_from_before_to",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="area",
            trigger=pgtrigger.compiler.Trigger(
                name="grow_path",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"path\" = '')",
                    func="\n    IF NEW.parent_id IS NULL THEN\n        NEW.path := NEW.id || '/';\n    ELSE\n        SELECT area.path || NEW.id || '/' INTO NEW.path\n        FROM grids_area area WHERE area.id = NEW.parent_id AND area.level < NEW.level;\n        IF NEW.path IS NULL THEN\n            RAISE EXCEPTION 'area % needs a parent of a higher level', NEW.code USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    RETURN NEW;\n",
                    hash="bcca68634b5843d07cbfe77ce390dc7feafdcbd2",
                    operation="INSERT",
                    pgid="pgtrigger_grow_path_6b4f3",
                    table="grids_area",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="area",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."division_type" IS DISTINCT FROM (NEW."division_type") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."served" IS DISTINCT FROM (NEW."served") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))',
                    func='INSERT INTO "grids_areaevent" ("code", "division_type", "id", "level", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "served", "short_name", "source", "valid_from", "valid_to") VALUES (NEW."code", NEW."division_type", NEW."id", NEW."level", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."served", NEW."short_name", NEW."source", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="ff88bc6abfb5552ec8d8d0a48d130b024cfece11",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_51e5d",
                    table="grids_area",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="26f24daa5647c39ad57b1f8235a53843e33db825",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_554fb",
                    table="grids_areaevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="dutymember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="dutymember_valid_from_before_to",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutymember",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("user", "="),
                    (
                        grids.models.posts.Days(
                            "valid_from",
                            "valid_to",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="dutymember_not_twice_at_once",
                violation_error_message="This person is on the list already in these days.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dutymember",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grids_dutymemberevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "user_id", "valid_from", "valid_to") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="ec294c6c499e29edbad347f3174daf113ab70af9",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_58892",
                    table="grids_dutymember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dutymember",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grids_dutymemberevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "user_id", "valid_from", "valid_to") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="097be8e22f8e3bba16a64172ab964f363d7d8378",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3b372",
                    table="grids_dutymember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dutymember",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grids_dutymemberevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "user_id", "valid_from", "valid_to") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."user_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="2db6a45f7a026542ce725c308c88a14369609323",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_18c13",
                    table="grids_dutymember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dutymemberevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e84e5c7c2934036d688953fe54d2bd83e1c09a9f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d5852",
                    table="grids_dutymemberevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                fields=("code",), name="organisation_code_unique", violation_error_message="This code is taken."
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "department",
                            "utility",
                            "property_company",
                            "committee",
                            "public_institution",
                            "enterprise",
                            "social",
                            "other",
                        ],
                    )
                ),
                name="organisation_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("code", ""), _negated=True)),
                name="organisation_name_and_code_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="organisation_valid_from_before_to",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grids_organisationevent" ("area_id", "code", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."code", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="1828e4186702346aa60c9410607069e7e0a3849a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_483ec",
                    table="grids_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grids_organisationevent" ("area_id", "code", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."code", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="500750b3428df9bc2a39192467ff1e8664e019aa",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3595b",
                    table="grids_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="23de9cc54851487a3d8b322874bf6bdcdc88b909",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f7946",
                    table="grids_organisationevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                fields=("area", "kind", "organisation"),
                name="post_once_per_area",
                nulls_distinct=False,
                violation_error_message="This area has this post already; add seats to it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "unit_head",
                            "building_head",
                            "grid_worker",
                            "grid_lead",
                            "community_secretary",
                            "community_worker",
                            "dispatcher",
                            "street_leader",
                            "department_handler",
                            "department_head",
                            "supervisor",
                            "district_command",
                            "system_administrator",
                        ],
                    )
                ),
                name="post_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("seats__gte", 1)),
                name="post_has_a_seat",
                violation_error_message="A post has at least one seat.",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["department_handler", "department_head"]), _negated=True),
                    ("organisation__isnull", False),
                    _connector="OR",
                ),
                name="post_of_department_has_organisation",
                violation_error_message="A department's post needs its organisation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="post_valid_from_before_to",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grids_postevent" ("area_id", "id", "kind", "office_phone", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats", "title", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."kind", NEW."office_phone", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."seats", NEW."title", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="bba219bbfd12d2a1481386bb4c8d46a272635b1e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_46e80",
                    table="grids_post",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grids_postevent" ("area_id", "id", "kind", "office_phone", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats", "title", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."kind", NEW."office_phone", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."seats", NEW."title", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="3ceb690abebb88f8a2e33548c7d1c2bf59432a55",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_87c2b",
                    table="grids_post",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="29bc3e876bfa19652cbb712c64aa816f7be27799",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3775c",
                    table="grids_appointmentevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("starts_on__lte", models.F("ends_on")), _connector="OR"),
                name="appointment_starts_before_end",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("post", "="),
                    ("user", "="),
                    (
                        grids.models.posts.Days(
                            "starts_on",
                            "ends_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="appointment_not_twice_at_once",
                violation_error_message="This person holds this post already in these days.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grids_appointmentevent" ("ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."post_id", NEW."starts_on", NEW."user_id"); RETURN NULL;',
                    hash="48aeb905a43b37c4c57c6aa622811c097ac9d984",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d510a",
                    table="grids_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grids_appointmentevent" ("ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."post_id", NEW."starts_on", NEW."user_id"); RETURN NULL;',
                    hash="17b9c6aa3fe6088262ffe4693c925111e9e80ea0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ed57f",
                    table="grids_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="postevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="67eb42e541497d70f3f00b09920e845adf5deab1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c086f",
                    table="grids_postevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="servicehours",
            constraint=models.UniqueConstraint(
                fields=("area", "weekday", "month_from", "opens"),
                name="servicehours_once",
                nulls_distinct=False,
                violation_error_message="These hours are there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicehours",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__range", (0, 6))), name="servicehours_weekday_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicehours",
            constraint=models.CheckConstraint(
                condition=models.Q(("month_from__range", (1, 12)), ("month_to__range", (1, 12))),
                name="servicehours_months_known",
                violation_error_message="Months are numbers from 1 to 12.",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicehours",
            constraint=models.CheckConstraint(
                condition=models.Q(("opens__lt", models.F("closes"))),
                name="servicehours_open_before_close",
                violation_error_message="Closing time must lie after opening time.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicehours",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grids_servicehoursevent" ("area_id", "closes", "id", "month_from", "month_to", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekday") VALUES (NEW."area_id", NEW."closes", NEW."id", NEW."month_from", NEW."month_to", NEW."opens", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."weekday"); RETURN NULL;',
                    hash="e86b4e3577f75a2d35a8690cce93f01cd6b1a338",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_91728",
                    table="grids_servicehours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicehours",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grids_servicehoursevent" ("area_id", "closes", "id", "month_from", "month_to", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekday") VALUES (NEW."area_id", NEW."closes", NEW."id", NEW."month_from", NEW."month_to", NEW."opens", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."weekday"); RETURN NULL;',
                    hash="712a9d96fcfe142bde6752f779ea2b9447151cdd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1c07f",
                    table="grids_servicehours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicehours",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grids_servicehoursevent" ("area_id", "closes", "id", "month_from", "month_to", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekday") VALUES (OLD."area_id", OLD."closes", OLD."id", OLD."month_from", OLD."month_to", OLD."opens", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."weekday"); RETURN NULL;',
                    hash="47c7e273967a7a3d121ed61831fd1caa90ec14f5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_12520",
                    table="grids_servicehours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicehoursevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a8ba977d6c198492fbb4b8a5f431a11215bd5216",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5ce2b",
                    table="grids_servicehoursevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
