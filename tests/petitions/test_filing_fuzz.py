"""Whatever strangers send to the filing page: never an accident, never half a petition."""

import uuid

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitions import throttle
from petitions.models import Petition, PetitionEvent, PetitionText
from tests.petitions.filing import BUILDING, NEW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# beyond the BMP, bidirectional marks, NUL and other controls, lone combining marks, what looks like markup
ODD = st.sampled_from("𠮷𡐓🤮👵🏻\u202e\u2066\u200d\ufeff\x00\x07\u0301٣٤\r\n\t<>&\"'{%}%s\\")
TEXT = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), ODD), max_size=200)
FIELDS = ("text", "about", "about_words", "q", "searched", "place", "place_words", "name", "phone", "email", "b",
          "kept", "drop", "client_key", "page", "join", "anonymous", "confidential")  # fmt: skip
STEP = st.sampled_from(["search", "next", "back", "check", "edit", "edit:place", "send", "wipe", "", "send\x00"])


@pytest.fixture(autouse=True)
def roomy(settings, monkeypatch):
    settings.JURISDICTION_CODE = "620302"
    monkeypatch.setattr("petitions.throttle.RULES", dict.fromkeys(throttle.Doing, Roomy))


class Roomy:
    """No limit, so that the fuzz reaches the form."""

    address = ()
    subject = ()
    even_so = 0


def whole() -> None:
    """Every petition has its words and its first event; no words stand alone."""
    assert PetitionText.objects.filter(kind="body").count() == Petition.objects.count()
    assert PetitionEvent.objects.filter(code="submitted").count() == Petition.objects.count()


@FUZZ
@given(st.dictionaries(st.sampled_from(FIELDS), TEXT), STEP, st.booleans())
def test_any_answers_are_taken_or_refused_whole(fields, step, placed):
    before = Petition.objects.count()
    sent = {**fields, "step": step} | ({"place": BUILDING} if placed else {})

    response = Client().post(NEW, sent)

    assert response.status_code in {200, 302, 400, 422}
    assert Petition.objects.count() - before == (
        response.status_code == 302 and response.url.startswith("/petitions/receipt/")
    )
    whole()


@FUZZ
@given(TEXT.filter(lambda text: text.strip() and "\x00" not in text))
def test_any_words_without_nul_are_filed_as_they_are(text):
    key = uuid.uuid4()

    response = Client().post(NEW, {"client_key": str(key), "text": text, "place": BUILDING, "step": "send"})

    assert response.status_code == 302
    kept = PetitionText.objects.get(petition__client_key=key, kind="body").original
    assert kept == text.replace("\r\n", "\n").replace("\r", "\n").strip()


@FUZZ
@given(st.binary(max_size=400), st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20))
def test_a_broken_multipart_body_is_a_bad_request(body, boundary):
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="text"\r\n\r\n'.encode()
    response = Client().post(NEW, head + body, content_type=f"multipart/form-data; boundary={boundary}")

    assert response.status_code in {200, 400, 422}
    assert not Petition.objects.exists()


@pytest.mark.parametrize("name", FIELDS)
def test_ten_megabytes_in_any_field_are_refused(client, name):
    response = client.post(NEW, {"text": "x", "place": BUILDING, name: "字" * 3_500_000, "step": "send"})

    assert response.status_code == 400
    assert not Petition.objects.exists()
