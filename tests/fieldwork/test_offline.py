"""What a phone asks for to work without a line: the same for everybody, and nothing of anybody."""

import json
import re
import uuid

import pytest
from django.contrib.staticfiles import finders

from fieldwork import offline
from petitions.enums import Status
from petitions.models import Petition

pytestmark = [pytest.mark.django_db]
LATER = {"X-Linli-Outbox": "1"}
EVERYBODYS = ("/sw.js", "/offline/zh-hans/", "/offline/en/", "/offline/en/app.webmanifest")


def test_the_service_worker_stands_at_the_root_and_keeps_our_files_and_one_page_alone(client):
    answer = client.get("/sw.js")

    script = answer.content.decode()
    shell = json.loads(re.match(r"const shell = (.*);\n", script)[1])
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert shell["pages"] == {"zh-hans": "/offline/zh-hans/", "en": "/offline/en/"}
    assert all(one.startswith("/static/") for one in shell["files"])
    assert [name for name in (*offline.FILES, offline.WORKER) if finders.find(name) is None] == []
    assert script.count("importScripts(") == 1


@pytest.mark.parametrize("address", EVERYBODYS)
def test_what_the_phone_keeps_is_the_same_for_everybody_and_bears_no_token(client, district, address):
    passer_by = client.get(address)
    district.petition()
    client.force_login(district.worker)
    worker = client.get(address)

    server_time = re.compile(rb'name="server-time" content="\d+"')
    assert server_time.sub(b"", worker.content) == server_time.sub(b"", passer_by.content)
    assert b"csrfmiddlewaretoken" not in worker.content
    assert "csrftoken" not in worker.cookies
    assert b"outbox-owner" not in worker.content


@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_the_site_can_be_installed_in_both_languages_and_opens_on_my_day(client, language, lang):
    manifest = client.get(f"/offline/{language}/app.webmanifest").json()

    assert (manifest["lang"], manifest["start_url"], manifest["scope"]) == (lang, "/grid/", "/")
    assert manifest["display"] == "standalone"
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in manifest["icons"])


@pytest.mark.parametrize("address", ["/offline/fr/", "/offline/fr/app.webmanifest"])
def test_other_languages_have_no_such_page(client, address):
    assert client.get(address).status_code == 404


def test_a_token_is_given_to_whoever_is_signed_in_and_the_owner_tells_two_people_apart(client, district):
    assert client.get("/offline/token/", headers=LATER).status_code == 401
    owners = []
    for user in (district.worker, district.lead, district.worker):
        client.force_login(user)
        answer = client.get("/offline/token/")
        assert "no-store" in answer["Cache-Control"]
        owners.append(answer.json()["owner"])

    assert owners[0] == owners[2] != owners[1]
    assert re.fullmatch(r"[0-9a-f]{20}", owners[0])
    page = client.get("/grid/").content.decode()
    assert f'name="outbox-owner" content="{owners[0]}"' in page


def test_what_waited_is_told_in_one_word_whether_it_is_done(client, district):
    petition = district.petition(status=Status.SIGNED)
    address, sent = f"/cases/{petition.number}/contact/", {"client_key": uuid.uuid4(), "version": petition.version}

    nobody = client.post(address, sent, headers=LATER)
    client.force_login(district.worker)
    done = [client.post(address, sent, headers=LATER).status_code for _again in range(2)]
    stale = client.post(address, {**sent, "client_key": uuid.uuid4()}, headers=LATER)
    page = client.post(address, sent)

    assert (nobody.status_code, nobody.content) == (401, b"")
    assert done == [204, 204]
    assert (stale.status_code, page.status_code) == (409, 302)
    assert petition.events.filter(code="contacted").count() == 1


def test_the_phone_is_told_at_which_version_the_case_stands_by_what_it_sent(client, district):
    petition = district.petition(status=Status.SIGNED)
    opened = petition.version
    client.force_login(district.worker)

    def send(verb: str, version: int, **data: object):
        given = {"client_key": uuid.uuid4(), "version": version, **data}
        return client.post(f"/cases/{petition.number}/{verb}/", given, headers=LATER)

    key = uuid.uuid4()
    arrived = send("arrive", opened, client_key=key)
    again = send("arrive", opened, client_key=key)
    planned = send("plan", int(arrived["X-Linli-Version"]), words="下午三点前清运。")
    too_late = send("arrive", opened, client_key=key)
    refused = send("plan", opened, words="明天再来。")

    assert [answer["X-Linli-Version"] for answer in (arrived, again, planned)] == [str(opened + 1)] * 2 + [
        str(opened + 2)
    ]
    # done before, and changed since: which of the two he knew of cannot be told
    assert (too_late.status_code, too_late.has_header("X-Linli-Version")) == (204, False)
    assert (refused.status_code, refused.has_header("X-Linli-Version")) == (409, False)


def test_signing_out_has_the_browser_forget_what_our_pages_kept_and_spares_the_cookies(client, district):
    client.force_login(district.worker)

    assert client.post("/logout/")["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize(("drafted", "status"), [({"drafted": "1"}, 200), ({}, 422)])
def test_a_matter_written_without_a_line_lies_in_the_writers_own_grid(client, district, drafted, status):
    client.force_login(district.worker)

    answer = client.post(
        "/cases/new/",
        {"client_key": uuid.uuid4(), "text": "单元门锁坏了。", "channel": "visit", "about": "", **drafted},
    )

    assert answer.status_code == status
    assert [one.place for one in Petition.objects.all()] == ([district.grid] if drafted else [])
