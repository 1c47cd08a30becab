import pytest

from people import paging
from people.models import User
from people.paging import CappedPaginator


@pytest.mark.django_db
def test_a_register_counts_no_further_than_its_cap(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(paging, "MOST", 3)
    for number in range(5):
        User.objects.create_user(f"user{number}")

    with django_assert_num_queries(1):
        paginator = CappedPaginator(User.objects.order_by("username"), 2)
        counted = paginator.count, paginator.num_pages

    assert counted == (3, 2)
