"""SQL that is built once, and rows that travel together: they must do what the plain ways do."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pghistory
import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext

from deadlines.models import Policy
from grids.models import Area
from people.inserting import MOST_VALUES, draw, insert, sequence_of
from people.models import Person, Session
from people.prepared import Prepared, counting, fetch, filled, in_one, kept, put_together, rows_of
from petitions.models import Petition, PetitionEvent, PetitionText

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
LATER = datetime(2099, 6, 1, 2, 0, tzinfo=UTC)


def test_it_answers_as_the_queryset_does_each_time_with_its_own_values(district):
    by_code = Prepared(lambda code: Area.objects.filter(code=code).select_related("parent"), "a code")

    for area in (district.grid, district.community):
        [found] = by_code(area.code)
        assert (found.pk, found.name, found.parent.pk) == (area.pk, area.name, area.parent_id)
    assert by_code("none has this") == []
    assert by_code.first(district.grid.code) == district.grid


def test_related_rows_come_in_the_same_single_query(district, django_assert_num_queries):
    by_code = Prepared(lambda code: Area.objects.filter(code=code).select_related("parent"), "a code")

    with django_assert_num_queries(1):
        assert by_code(district.grid.code)[0].parent.name == district.community.name


def test_one_value_may_stand_in_several_places(district):
    on_day = Prepared(
        lambda on, key: Policy.objects.in_force(on).filter(key=key).values_list("pk", flat=True), date.max, "key"
    )

    assert on_day(date(2026, 6, 1), "intake") == list(
        Policy.objects.in_force(date(2026, 6, 1)).filter(key="intake").values_list("pk", flat=True)
    )
    assert on_day(date(1990, 1, 1), "intake") == []


def test_what_is_typed_stays_a_value(district):
    by_code = Prepared(lambda code: Area.objects.filter(code=code), "a code")

    assert by_code("' OR true --") == []


def test_the_database_keeps_the_plan_and_its_rows_stay_true(district):
    by_code = Prepared(lambda code: Area.objects.filter(code=code), "a code")

    for _time in range(8):
        assert by_code(district.grid.code) == [district.grid]
    Area.objects.filter(pk=district.grid.pk).update(name="renamed")

    assert by_code(district.grid.code)[0].name == "renamed"
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans > 0 FROM pg_prepared_statements WHERE statement LIKE '%grids_area%$1%'")
        assert (True,) in cursor.fetchall()


def test_what_is_asked_shows_in_the_log_of_queries_with_its_values(district):
    with CaptureQueriesContext(connection) as asked:
        assert fetch("SELECT %s::int + 1", [41]) == [(42,)]

    assert [one["sql"] for one in asked] == ["SELECT 41::int + 1"]


def test_nothing_is_put_before_what_is_prepared(district):
    with pghistory.context(user=None):
        rows = fetch("WITH one AS (SELECT %s::int AS number) SELECT number FROM one", [7])

    assert rows == [(7,)]


def test_an_example_that_does_not_stand_in_the_sql_is_refused(district):
    forgets = Prepared(lambda code, _name: Area.objects.filter(code=code), "a code", "a name")

    with pytest.raises(ValueError, match="Not every example"):
        forgets("x", "y")


def test_rows_of_three_tables_are_written_as_save_would_have_written_them(district):
    [key] = draw(sequence_of(Petition))
    plain = district.petition()
    petition = Petition.objects.get(pk=plain.pk)
    petition.pk, petition.number, petition.client_key = key, "PX202606010077", uuid.uuid4()
    text = PetitionText(
        petition=petition,
        kind="note",
        masked="路灯“坏”了; 100%",
        bigrams=["路灯", 'a,b"c'],
        salt=b"\x00%s",
        created_at=NOW,
    )
    text.original = "路灯坏了"
    event = PetitionEvent(petition=petition, code="added", at=NOW, text_id=text.pk, refs={"a": "%s; '", "n": 1})

    insert([petition, text, event])

    kept = Petition.objects.get(pk=key)
    for field in Petition._meta.concrete_fields:
        if field.name not in {"id", "number", "client_key"}:
            assert getattr(kept, field.attname) == getattr(plain, field.attname), field.name
    words = kept.texts.get(pk=text.pk)
    assert (words.masked, words.bigrams, bytes(words.salt)) == ("路灯“坏”了; 100%", ["路灯", 'a,b"c'], b"\x00%s")
    assert words.original == "路灯坏了"
    [written] = kept.events.filter(code="added")
    assert (written.refs, written.text_id, written.by_id) == ({"a": "%s; '", "n": 1}, text.pk, None)
    assert isinstance(PetitionText._meta.get_field("bigrams"), ArrayField)


def test_a_row_that_may_not_be_written_is_refused_and_none_of_its_company_stays(
    district, django_capture_on_commit_callbacks
):
    person = Person(context="petitioner", language="zh-hans", created_at=NOW)
    person.phone = "13900000000"
    person.phone_index = Person.index_of_phone("13900000000", context="petitioner")
    twice = Session(session_key="k" * 32, session_data="x", expire_date=NOW)

    from django.db import transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        insert([person, twice, Session(session_key="k" * 32, session_data="y", expire_date=NOW)])

    assert not Person.objects.filter(pk=person.pk).exists()
    assert not Session.objects.filter(session_key="k" * 32).exists()


def test_many_values_take_a_second_trip_and_few_take_one(district, django_assert_num_queries):
    columns = len(Session._meta.concrete_fields)
    rows = [Session(session_key=f"{number:032}", session_data="x", expire_date=NOW) for number in range(20)]
    values = (columns - 1) * 20  # user is empty
    assert values > MOST_VALUES

    with django_assert_num_queries(-(-20 // (MOST_VALUES // (columns - 1)))):
        insert(rows)

    assert Session.objects.count() == 20
    with django_assert_num_queries(0):
        insert([])


def test_keys_are_drawn_from_the_tables_own_sequence(district):
    first, second = draw(sequence_of(Petition), sequence_of(Petition))

    assert second == first + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('petitions_petition', 'id')")
        assert cursor.fetchone()[0] == f"public.{sequence_of(Petition)}"


def test_a_kept_question_is_put_together_once_and_counts_as_aggregate_does(district, django_assert_num_queries):
    district.petition()
    built = []

    def build():
        built.append(1)
        late = Count("pk", filter=Q(submitted_at__gt=LATER))
        return counting(Petition.objects.order_by("pk"), "matters", all=Count("pk"), late=late)

    with django_assert_num_queries(2):
        found = [
            rows_of(filled(kept(("matters of a test",), build), example=LATER, value=value))
            for value in (LATER, NOW - timedelta(days=9999))
        ]

    assert found == [[("matters", 1, 0)], [("matters", 1, 1)]]
    assert len(built) == 1


def test_counts_of_several_are_asked_in_one(district, django_assert_num_queries):
    district.petition()
    asked = [
        put_together(counting(Petition.objects.all(), "matters", number=Count("pk"))),
        put_together(counting(Petition.objects.none(), "none", number=Count("pk"))),
        put_together(counting(Area.objects.filter(pk=district.grid.pk), "grids", number=Count("pk"))),
    ]

    with django_assert_num_queries(1):
        assert dict(rows_of(in_one(*asked))) == {"matters": 1, "grids": 1}


def test_a_kept_question_that_can_find_nothing_is_not_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert rows_of(kept(("nothing of a test",), lambda: Petition.objects.none().values_list("pk"))) == []
