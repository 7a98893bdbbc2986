"""Property tests: the same examples on every machine, and no time limit that a busy one would miss."""

from hypothesis import settings

settings.register_profile("planmodel", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("planmodel")
