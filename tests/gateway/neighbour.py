"""A neighbour's system, as it speaks to the API."""

import json
import uuid

from django.test import Client as Browser

V1 = "/api/v1/"
WORDS = {"text": "三号楼前垃圾桶满了两天，味道很大。"}


class Neighbour:
    """A client with its key."""

    def __init__(self, client, issued):
        self.client, self.key, self.secret = client, issued.key, issued.secret
        self.browser = Browser(raise_request_exception=False)

    @property
    def header(self):
        return {"Authorization": f"Bearer {self.secret}"}

    def get(self, path, query=None, **headers):
        return self.browser.get(f"{V1}{path}", query or {}, headers={**self.header, **headers})

    def post(self, path, body=None, **headers):
        return self.browser.post(
            f"{V1}{path}", json.dumps(body or {}), content_type="application/json", headers={**self.header, **headers}
        )

    def file(self, key=None, **said):
        return self.post("petitions/", {**WORDS, **said}, **{"Idempotency-Key": key or uuid.uuid4().hex})
