"""Property tests: the same examples on every machine, and no time limit that a busy one would miss; more of them in `make test-all`."""

from hypothesis import settings

settings.register_profile("planmodel", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("thorough", settings.get_profile("planmodel"), max_examples=150)
settings.load_profile("planmodel")
