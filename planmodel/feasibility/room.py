"""Room for draws: what takes memory is held as long as there is room, and made anew when it is needed again."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Room(Generic[Found]):
    """What takes memory, by key, as long as there is room: what was looked at longest ago is made anew when needed."""

    def __init__(self, most: int, size_of: Callable[[Found], int]):
        """most: bytes of all that is held."""
        self.most, self.size_of, self.taken, self.held = most, size_of, 0, dict[tuple, Found]()

    def forget(self, owner: object) -> None:
        """Drop all whose key begins with an owner."""
        for key in [key for key in self.held if key[0] == owner]:
            self._drop(key)

    def get(self, key: tuple) -> Found | None:
        kept = self.held.pop(key, None)
        if kept is not None:
            self.held[key] = kept  # the last to go
        return kept

    def put(self, made: Mapping[tuple, Found]) -> None:
        """Hold what was made together, whatever its size."""
        for key in made.keys() & self.held.keys():
            self._drop(key)
        wanted = sum(map(self.size_of, made.values()))
        while self.held and self.taken + wanted > self.most:
            self._drop(next(iter(self.held)))
        self.held |= made
        self.taken += wanted

    def _drop(self, key: tuple) -> None:
        if (kept := self.held.pop(key, None)) is not None:  # None: forgotten meanwhile
            self.taken -= self.size_of(kept)
