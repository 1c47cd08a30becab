"""Proving a telephone as a resident does."""

import re

MINE = "/petitions/mine/"
PHONE, OTHER = "13800138000", "13900139000"


def ask(client, phone=PHONE, **where):
    return client.post(MINE, {"step": "phone", "phone": phone}, **where)


def code_in(gateway) -> str:
    return re.search(r"\b(\d{6})\b", gateway.posted[-1].json["text"]).group(1)


def prove(client, gateway, phone=PHONE):
    ask(client, phone)
    return client.post(MINE, {"step": "code", "code": code_in(gateway)})


def wrong_for(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"
