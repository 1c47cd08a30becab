"""Whatever strangers send to the filing page: never an accident, never half a petition."""

import uuid
from urllib.parse import quote, quote_from_bytes

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitions import throttle
from petitions.models import Petition, PetitionEvent, PetitionText
from tests.petitions.filing import BUILDING, FOLLOW, NEW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# beyond the BMP, bidirectional marks, NUL and other controls, lone combining marks, what looks like markup
ODD = st.sampled_from("𠮷𡐓🤮👵🏻\u202e\u2066\u200d\ufeff\x00\x07\u0301٣٤\r\n\t<>&\"'{%}%s\\")
TEXT = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), ODD), max_size=200)
FIELDS = ("text", "about", "about_words", "q", "searched", "place", "place_words", "name", "phone", "email", "b",
          "kept", "drop", "client_key", "page", "join", "anonymous", "confidential", "answer_in")  # fmt: skip
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


# what no program of good will sends: half characters, lone surrogates written as UTF-8, overlong zeros, other charsets
BYTES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"\xed\xa0\x80", b"\xed\xb2\xa9\xed\xa0\xbd", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xff\xfe", b"%u0041"]
    ),
    TEXT.map(str.encode),
)
KINDS = st.sampled_from([
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=b; charset=utf-32", "multipart/mixed",
    "application/json", "text/plain", "image/jpeg", "", "/", ";;;", "a" * 500,
])  # fmt: skip


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(FIELDS), BYTES), max_size=8), STEP, st.booleans())
def test_bytes_that_are_no_characters_are_taken_or_refused_whole(fields, step, placed):
    before = Petition.objects.count()
    pairs = [f"{name}={quote_from_bytes(value)}" for name, value in fields]
    pairs += [f"step={quote(step)}", *([f"place={BUILDING}"] if placed else [])]

    response = Client().post(NEW, "&".join(pairs), content_type="application/x-www-form-urlencoded")

    assert response.status_code in {200, 302, 400, 422}
    assert Petition.objects.count() - before in {0, 1}
    whole()


@FUZZ
@given(KINDS, st.one_of(st.binary(max_size=200), TEXT.map(lambda text: f"text={text}&step=send".encode())))
def test_no_kind_of_body_is_an_accident(kind, body):
    response = Client().generic("POST", NEW, body, content_type=kind)

    assert response.status_code in {200, 400, 422}
    assert not Petition.objects.exists()


PART = st.tuples(
    st.sampled_from([*FIELDS, "photos", "step", "", 'x"; filename="y']),
    st.sampled_from(
        ["", '; filename=""', '; filename="../../etc/passwd"', "; filename*=UTF-8''%ff%00.jpg", "; filename=a\x00b"]
    ),
    st.sampled_from(
        ["", "Content-Type: image/jpeg", "Content-Transfer-Encoding: base64", "Content-Type: \x00", "nonsense"]
    ),
    BYTES,
)


@FUZZ
@given(st.lists(PART, max_size=6), st.booleans())
def test_parts_of_any_shape_are_taken_or_refused_whole(parts, ended):
    before = Petition.objects.count()
    body = b""
    for name, file, head, value in parts:
        lines = [f'Content-Disposition: form-data; name="{name}"{file}', *([head] if head else [])]
        body += b"--b\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + value + b"\r\n"

    response = Client().post(
        NEW, body + (b"--b--\r\n" if ended else b""), content_type="multipart/form-data; boundary=b"
    )

    assert response.status_code in {200, 302, 400, 422}
    assert Petition.objects.count() - before in {0, 1}
    whole()


@FUZZ
@given(TEXT, TEXT, TEXT)
def test_no_address_cookie_or_code_is_an_accident(token, cookie, typed):
    client = Client()
    client.cookies["unsent"] = cookie.encode("latin-1", "ignore").decode("latin-1")

    answers = [
        client.get(NEW, {"b": token}).status_code,
        client.get(f"{NEW}?b={quote(token)}%00").status_code,
        client.post(FOLLOW, {"number": token, "code": typed}).status_code,
        client.get(f"{FOLLOW}{quote(token, safe='')}/").status_code,
    ]

    assert set(answers) <= {200, 302, 400, 404, 422}


@pytest.mark.parametrize("name", FIELDS)
def test_ten_megabytes_in_any_field_are_refused(client, name):
    fields = {"text": "x", "place": BUILDING, name: "字" * 3_500_000, "step": "send"}

    response = client.post(NEW, fields)

    assert response.status_code == 400
    assert not Petition.objects.exists()


def test_ten_megabytes_are_refused_however_they_are_written(client):
    body = "step=send&text=" + "x" * 10_500_000

    response = client.post(NEW, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert not Petition.objects.exists()
