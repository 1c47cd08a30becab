"""What a neighbour must know before it files: who it is to us, our areas, our categories."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from deadlines.timetable import shanghai_date
from gateway.api.base import Face
from gateway.api.bodies import AreaQuery
from gateway.api.shapes import AreasOut, CallerOut, CategoriesOut
from grids.models import Area
from petitions.models import Category


class Me(Face):
    """Who the key belongs to, and what it may."""

    @extend_schema(operation_id="me", responses={200: CallerOut}, tags=["reference"])
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF names it
        """Return the client of this key."""
        return Response(CallerOut(self.caller.client).data)


class Areas(Face):
    """The served areas under the area of the key, by code."""

    @extend_schema(operation_id="areas", parameters=[AreaQuery], responses={200: AreasOut}, tags=["reference"])
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF names it
        """Return one page of areas."""
        asked = self.asked(AreaQuery)
        found = Area.objects.under(self.caller.client.area.path).served().at(shanghai_date(self.at))
        if "parent" in asked:
            found = found.filter(parent__code=asked["parent"])
        if "after" in asked:
            found = found.filter(code__gt=asked["after"])
        rows = list(found.select_related("parent").order_by("code")[: asked["limit"] + 1])
        shown = rows[: asked["limit"]]
        last: Any = shown[-1].code if len(rows) > len(shown) else None
        return Response(AreasOut({"results": shown, "next": last}).data)


class Categories(Face):
    """The categories in force today."""

    @extend_schema(operation_id="categories", responses={200: CategoriesOut}, tags=["reference"])
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF names it
        """Return all of them; names in the language of Accept-Language."""
        found = Category.objects.in_force(shanghai_date(self.at)).subjects().defer("keywords")
        return Response(CategoriesOut({"results": found.select_related("parent").order_by("code")}).data)
