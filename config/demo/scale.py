"""How large the demo is. Tests build a small one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Communities per street, grids per community, buildings per grid, units per building; petitions and days back."""

    communities: int = 9
    grids: int = 10
    buildings: int = 8
    units: int = 4
    petitions: int = 600
    days: int = 60
    buildings_per_head: tuple[int, ...] = (3, 4, 4)  # 14 to 16 units each

    @property
    def requests(self) -> int:
        """How many ask for a service at the window, beside the petitions."""
        return self.petitions // 8


FULL = Scale()
SMALL = Scale(communities=1, grids=2, buildings=2, units=2, petitions=40, days=14, buildings_per_head=(1,))
