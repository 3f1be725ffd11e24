"""Page: a long list, page by page, of which nobody needs the end."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

PAGE_SIZE = 50
MOST = 10_000  # rows that are counted and can be turned to: a filter finds the others


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than `most`, however many rows there are.

    To count a million takes the database longer than anybody waits for a page.
    """

    most = MOST

    def __init__(self, rows: Any) -> None:
        super().__init__(rows, PAGE_SIZE)

    @cached_property
    def count(self) -> int:
        """How many rows can be turned to."""
        return min(self._found, self.most)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than can be turned to."""
        return self._found > self.most

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: self.most + 1].count())
