"""Who asks: a client with its open key, as a viewer for ``visible_to`` and as a post for the verbs."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gateway.enums import Scope
from gateway.errors import ScopeMissing
from gateway.models import Client, Key
from grids.enums import Level, PostKind
from grids.staff import Holding, Staff
from petitions.viewers import ApiClient


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that has shown one of its keys."""

    client: Client
    key: Key

    def may(self, scope: Scope) -> bool:
        """Tell whether the client may do this at all."""
        return scope in self.client.scopes

    def need(self, scope: Scope) -> None:
        """Refuse what the client may not do at all.

        :raises ScopeMissing: if it may not
        """
        if not self.may(scope):
            raise ScopeMissing(_("This key does not allow it: the scope “%(scope)s” is missing.") % {"scope": scope})

    @property
    def viewer(self) -> ApiClient:
        """What the client may see of petitions."""
        return viewer_of(self.client)

    @property
    def staff(self) -> Staff:
        """The client at the post it acts as; without any if it only files and reads.

        It holds the post for its own requests alone: nobody's deputy, told of nothing, named on no board.
        """
        client = self.client
        if not client.post_kind or not self.may(Scope.ACT):
            return Staff(client.account, is_system=True)
        held = Holding(
            PostKind(client.post_kind), client.area_id, Level(client.area.level), client.area.path,
            client.organisation_id,
        )  # fmt: skip
        return Staff(client.account, (held,), is_system=True)


def viewer_of(client: Client) -> ApiClient:
    """Return what a client may see of petitions; with its area loaded, no query."""
    of_unit = client.post_kind == PostKind.DEPARTMENT_HANDLER
    return ApiClient(
        user_id=client.account_id,
        path=client.area.path,
        level=client.area.level,
        organisation_id=client.organisation_id if of_unit else None,
        reads_all=Scope.READ in client.scopes,
        sees_closed=Scope.CLOSED in client.scopes,
    )


def is_open(client: Client, on: date) -> bool:
    """Tell whether a client may come in on the civil date ``on``."""
    return client.active and on <= client.valid_to
