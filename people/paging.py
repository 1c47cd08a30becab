"""Lists over tables that grow without end."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST = 10_000


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    """Counts no further than ``MOST`` rows: a register over millions opens as fast as one over a thousand.

    What lies beyond is reached by searching and filtering, not by turning a thousand pages.
    """

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, at most ``MOST``."""
        # Without the order the database may stop at any MOST rows.
        return int(self.object_list.order_by()[:MOST].count())  # type: ignore[attr-defined]  # a queryset
