"""The five powers of a subdistrict (000-03, 002-05): as text, with what the platform does; a record, not an engine."""

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_the_five_powers_stand_where_units_are_scored(client, district):
    client.force_login(district.dispatcher)

    page = client.get(reverse("whistle_scores")).content.decode()

    powers = page.partition('id="powers"')[2].partition("</ul>")[0]
    assert powers.count("<li>") == 5
    assert powers.count("outside the platform") == 2


def test_a_grid_worker_reads_no_scores_and_no_powers(client, district):
    client.force_login(district.worker)

    assert client.get(reverse("whistle_scores")).status_code == 403
