"""Random streams: draws by seed and key, the same on every machine, and so made anew whenever they are asked for."""

import hashlib
from collections.abc import Callable

import numpy as np


def stream(seed: int, key: str) -> np.random.Generator:
    """Return the random stream of (seed, key): another key is independent, the same is the same anywhere.

    >>> stream(1, "a").random() == stream(1, "a").random(), stream(1, "a").random() == stream(1, "b").random()
    (True, False)
    """
    digest = hashlib.sha256(f"{int(seed)}/{key}".encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


class Drawn:
    """A field of draws, or of what makes them: then they are made anew, the same, whenever they are asked for, and not kept."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __set__(self, of: object, draws: np.ndarray | Callable[[], np.ndarray]) -> None:
        vars(of)[self.name] = draws

    def __get__(self, of: object, owner: type | None = None) -> np.ndarray:
        if of is None:  # no default, say dataclasses
            raise AttributeError(self.name)
        draws = vars(of)[self.name]
        return draws() if callable(draws) else draws

    @classmethod
    def field_of(cls, owner: type, name: str) -> None:
        """Make a field of a finished dataclass one of draws."""
        drawn = cls()
        drawn.__set_name__(owner, name)
        setattr(owner, name, drawn)


class Packed(Drawn):
    """A field of what succeeds, by draw, held as bits: an eighth of its size."""

    def __set__(self, of: object, draws: np.ndarray | Callable[[], np.ndarray] | None) -> None:
        vars(of)[self.name] = _packed(draws) if isinstance(draws, np.ndarray) else draws

    def __get__(self, of: object, owner: type | None = None) -> np.ndarray:
        draws = super().__get__(of, owner)
        return draws if draws is None else draws.view(bool)


def _packed(draws: np.ndarray) -> Callable[[], np.ndarray]:
    bits, n_draws = np.packbits(draws), len(draws)
    return lambda: np.unpackbits(bits, count=n_draws)
