"""What all tests share: which files two cores begin with, and that nbval is for `make test-all`."""

import pytest

FIRST = (
    "test_large_batches", "test_batch", "test_notebooks", "test_cluster", "test_kernels", "test_review_report",
    "test_publish", "test_office", "test_report", "test_review",
)  # fmt: skip
"""The longest files: the many short ones after them let both cores end together."""


def pytest_collection_modifyitems(items):
    """`make test` runs the notebooks in warm kernels (tests/test_notebooks.py); nbval runs them in kernels of their own."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.slow)
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(FIRST)))
