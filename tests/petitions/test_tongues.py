"""A petitioner is answered in his language: the one he chose, or reads, or writes; staff are told, and helped."""

import uuid

import pytest
from django.utils import translation

from petitions import services, supplements, tongues
from petitions.enums import Channel, Status
from petitions.models import Petition
from tests.factories import TUESDAY
from tests.petitions.filing import check, follow_url, prove, send

ENGLISH = "Hi, I live in Building 7. Since Monday the WiFi is down and 手机 signal only 1 bar. 回复我英文也可以"
CHINESE = "3号楼前的垃圾桶满了两天，味道很大。WiFi也坏了。"


@pytest.mark.parametrize(
    ("text", "reads", "answered"),
    [
        (ENGLISH, "zh-hans", "en"),
        (CHINESE, "zh-hans", "zh-hans"),
        (CHINESE, "en", "en"),  # who reads English pages is answered in English
        ("", "zh-hans", "zh-hans"),
        ("WiFi 5G", "zh-hans", "zh-hans"),  # too few words to say
        ("PX20261122000017 13800138000", "zh-hans", "zh-hans"),
        ("宽带 broadband router modem 坏了，请联通公司的人来看一看好吗", "zh-hans", "zh-hans"),
        ("𠮷𡐓" * 4 + " the the the the the", "zh-hans", "zh-hans"),  # characters beyond the BMP are characters
    ],
)
def test_the_language_of_the_answer_follows_the_page_and_the_words(text, reads, answered):
    assert tongues.of(text, reads=reads) == answered


@pytest.mark.parametrize(
    ("words", "tag"), [(ENGLISH, "en"), (CHINESE, "zh-Hans"), ("138 – 😀", ""), ("OK", "en"), ("", "")]
)
def test_words_on_a_page_of_another_language_are_marked(words, tag):
    assert tongues.tag_of(words) == tag


def test_sentences_to_copy_come_with_their_meaning_and_only_for_who_does_not_read_them():
    with translation.override("zh-hans"):
        shown = tongues.phrases("en")
    with translation.override("en"):
        own = tongues.phrases("en")

    assert shown[1][0] == "We came to see it, and it is put right."
    assert own == tongues.phrases("fr") == []


@pytest.mark.django_db
def test_whoever_files_without_a_word_about_it_is_answered_as_he_writes(district):
    given = {"at": TUESDAY, "channel": Channel.PHONE, "place": district.building}

    found = [
        services.file(text=text, client_key=uuid.uuid4(), language=language, **given).petition.language
        for text, language in ((ENGLISH, ""), (CHINESE, ""), (CHINESE, "en"), (ENGLISH, "zh-hans"))
    ]

    assert found == ["en", "zh-hans", "en", "zh-hans"]


@pytest.mark.django_db
@pytest.mark.usefixtures("district")
def test_only_who_reads_or_writes_english_is_asked_and_what_he_says_counts(client):
    client.cookies["django_language"] = "zh-hans"
    assert 'name="answer_in"' not in check(client, text=CHINESE).content.decode()

    asked = check(client, text=ENGLISH).content.decode()
    assert 'value="en" checked' in asked

    send(client, text=ENGLISH, answer_in="zh-hans")
    send(client, text=f"{ENGLISH} Please come.")
    assert [petition.language for petition in Petition.objects.order_by("pk")] == ["zh-hans", "en"]

    refused = send(client, text=ENGLISH, answer_in="fr")
    assert refused.status_code == 422
    assert Petition.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_staff_are_told_before_they_write_and_by_no_word_where_chinese_is_read(client, district):
    foreign = district.petition(status=Status.SIGNED)
    Petition.objects.filter(pk=foreign.pk).update(language="en")
    own = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)

    pages = [client.get(f"/cases/{one.number}/?do=resolve").content.decode() for one in (foreign, own)]

    assert ["Answer in English" in page for page in pages] == [True, False]
    assert pages[0].index("The petitioner reads English") < pages[0].index('name="reply"')
    assert "The petitioner reads English" not in pages[1]
    client.cookies["django_language"] = "zh-hans"
    assert (
        "We came to see it, and it is put right." in client.get(f"/cases/{foreign.number}/?do=resolve").content.decode()
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_a_worker_says_in_which_language_somebody_is_answered(client, district):
    client.force_login(district.worker)
    sent = {"client_key": str(uuid.uuid4()), "text": CHINESE, "channel": "visit", "place": district.building.code}

    client.post("/cases/new/", {**sent, "answer_in": "en"})

    assert Petition.objects.get().language == "en"


@pytest.mark.django_db
@pytest.mark.usefixtures("english", "fresh_cache")
def test_chinese_words_on_an_english_page_say_so(client, district):
    petition = district.petition(TUESDAY, status=Status.SIGNED)
    supplements.ask_supplement(
        petition, by=district.as_staff(district.worker), at=TUESDAY, words="请说明是几号垃圾桶。"
    )
    prove(client, petition)

    page = client.get(follow_url(petition)).content.decode()

    assert '<blockquote class="l-words" lang="zh-Hans">请说明是几号垃圾桶。' in page
