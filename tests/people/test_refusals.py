import pytest
from django.utils.translation import gettext_lazy, override

from people.errors import BadInput, NotAllowed, NotAllowedNow, Refusal


@pytest.mark.parametrize(("kind", "status"), [(Refusal, 409), (NotAllowed, 403), (NotAllowedNow, 409), (BadInput, 422)])
def test_a_refusal_has_its_http_status_and_speaks_to_the_person(kind, status):
    refusal = kind("Not today.", field="day")

    assert isinstance(refusal, Refusal)
    assert (refusal.status, str(refusal), refusal.field) == (status, "Not today.", "day")


def test_a_lazy_message_speaks_the_language_of_whoever_reads_it():
    refusal = Refusal(gettext_lazy("Yes"))

    with override("zh-hans"):
        assert str(refusal) == "是"
    with override("en"):
        assert str(refusal) == "Yes"
