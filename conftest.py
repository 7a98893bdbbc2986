"""What all tests share: which of the notebooks' stored results `make test` compares."""

import pytest


def pytest_collection_modifyitems(items):
    """Code cells are equal in both languages (tests/test_notebooks.py): those of the Chinese notebooks are compared by `make test-all`."""
    for item in items:
        if item.path.parent.name == "zh" and item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.slow)
