"""The OpenAPI document: which answers every address may give beside its own, and what no body may hold."""

from typing import Any, Final

from gateway.problems import MEDIA_TYPE

ALWAYS: Final = ("401", "403", "404", "406", "429", "503")
OF_POST: Final = ("400", "409", "410", "412", "413", "415", "422", "428")
# a query of an address that cannot be read
OF_GET: Final = ("410", "422")
TITLES: Final = {
    "400": "The request cannot be read", "401": "No valid key", "403": "Not allowed", "404": "Not in sight",
    "406": "Only JSON is offered", "409": "Not possible in the present state", "410": "It is over",
    "412": "Changed since the version of If-Match", "413": "Too long", "415": "Only JSON is read",
    "422": "Something in it cannot be used", "428": "No version was given", "429": "Too many requests; see Retry-After",
    "503": "Not available right now",
}  # fmt: skip
PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457, in the language of Accept-Language (zh-Hans or en).",
    "properties": {
        "type": {"type": "string", "description": "What went wrong; never changes with the language."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
    "required": ["type", "title", "status", "detail"],
}


def add_problems(result: dict[str, Any], **_given: object) -> dict[str, Any]:
    """Add the problems to every operation; close the bodies against members that nobody reads."""
    schemas = result["components"]["schemas"]
    schemas["Problem"] = PROBLEM
    for name, schema in schemas.items():
        if name.endswith("In"):
            schema["additionalProperties"] = False
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for status in (*ALWAYS, *(OF_POST if method == "post" else OF_GET)):
                operation["responses"].setdefault(status, _problem(status))
    return result


def _problem(status: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": TITLES[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == "429":
        found["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds", "required": True}}
    return found
