"""What is kept in the process lives as long as the database says nothing of it changed."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines.clocks import POLICIES
from deadlines.models import Policy
from people.keeping import all_at_once
from petitions.suggestion import judge

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def test_a_stamp_changes_with_every_edit_and_comes_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        before = POLICIES.now()
    policy = Policy.objects.filter(key="intake").latest("pk")
    policy.source = "edited"
    policy.save(update_fields=["source"])

    assert POLICIES.now() != before


def test_all_stamps_of_a_moment_come_in_one_query(django_assert_num_queries):
    judge("路灯坏了", on=DAY)  # the categories are kept from here on
    plain = (POLICIES.now(), judge("路灯坏了", on=DAY))

    with django_assert_num_queries(1), all_at_once("6 * 7", "%s || '!'", values=["8"]) as also:
        assert also == [42, "8!"]
        assert (POLICIES.now(), judge("路灯坏了", on=DAY)) == plain


def test_after_the_moment_they_are_asked_for_again():
    with CaptureQueriesContext(connection) as asked:
        with all_at_once():
            POLICIES.now()
        POLICIES.now()

    assert len(asked) == 2
