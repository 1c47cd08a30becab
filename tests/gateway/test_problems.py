"""Errors as RFC 9457, in the caller's language; limits; what is no address."""

import logging

import pytest
from redis.exceptions import ConnectionError as Lost

from gateway.enums import Scope
from notifications.models import Notice
from petitions import throttle

pytestmark = pytest.mark.django_db


def test_a_refusal_is_told_in_the_language_asked_for(neighbour):
    hotline = neighbour(scopes=[Scope.READ])
    english = hotline.file().json()
    answer = hotline.post("petitions/", {"text": "路灯"}, **{"Idempotency-Key": "k", "Accept-Language": "en"})

    assert answer.json()["title"] == "Not allowed"
    assert answer["Content-Language"] == "en"
    assert (english["type"], english["status"]) == (answer.json()["type"], 403)


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("nothing/here/", {}, 404, "not-found"),
        ("petitions/PX000/", {}, 404, "not-found"),
        ("petitions/%E5%8F%B7/", {}, 404, "not-found"),
        ("me/", {"Accept": "text/html"}, 406, "not-acceptable"),
        ("petitions/?after=abc", {}, 422, "bad-input"),
        ("petitions/?limit=1000", {}, 422, "bad-input"),
        ("petitions/?nonsense=1", {}, 422, "bad-input"),
    ],
)
def test_what_is_wrong_with_a_question_is_a_problem(neighbour, path, headers, status, code):
    answer = neighbour().get(path, **headers)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"urn:linli:problem:{code}"


def test_methods_media_types_and_broken_bodies(neighbour):
    hotline = neighbour()
    send = hotline.browser.generic

    assert send("DELETE", "/api/v1/me/", headers=hotline.header).status_code == 405
    assert (
        send(
            "POST", "/api/v1/petitions/", "{", "application/json", headers=hotline.header | {"Idempotency-Key": "a"}
        ).status_code
        == 400
    )
    assert (
        send(
            "POST", "/api/v1/petitions/", "<a/>", "text/xml", headers=hotline.header | {"Idempotency-Key": "a"}
        ).status_code
        == 415
    )
    assert (
        send(
            "POST", "/api/v1/petitions/", "[]", "application/json", headers=hotline.header | {"Idempotency-Key": "a"}
        ).status_code
        == 422
    )
    assert (
        send("POST", "/api/v1/petitions/", " " * 300_000, "application/json", headers=hotline.header).status_code == 413
    )


def test_a_minute_that_is_used_up_says_when_to_come_again(neighbour):
    hotline, other = neighbour(per_minute=3), neighbour("b", per_minute=3)

    assert [hotline.get("me/").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = hotline.get("me/")
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer.json()["type"] == "urn:linli:problem:too-many-tries"
    assert other.get("me/").status_code == 200


def test_without_the_cache_the_neighbour_is_let_in_and_the_duty_list_hears_of_it(
    neighbour, district, monkeypatch, caplog
):
    hotline = neighbour(per_minute=1)

    def gone():
        raise Lost

    monkeypatch.setattr(throttle, "_server", gone)
    with caplog.at_level(logging.CRITICAL):
        assert [hotline.get("me/").status_code for _ in range(3)] == [200, 200, 200]

    assert Notice.objects.filter(recipient=district.duty, kind="uncounted").count() == 1


def test_our_own_fault_is_a_problem_too_and_says_nothing_of_it(neighbour, monkeypatch, caplog):
    hotline = neighbour()

    def breaks(*_args, **_named):
        msg = "secret words"
        raise RuntimeError(msg)

    monkeypatch.setattr("gateway.filing.file", breaks)
    with caplog.at_level(logging.CRITICAL):
        answer = hotline.file()

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "secret" not in answer.content.decode()


def test_the_document_is_open_and_in_step_with_the_code():
    from django.test import Client as Browser

    from tools.openapi import DOCUMENT, written

    assert Browser().get("/api/v1/openapi.yaml").status_code == 200
    assert DOCUMENT.read_text(encoding="utf-8") == written()
