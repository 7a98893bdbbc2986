"""What all tests share: `make test` runs the notebooks in warm kernels (tests/test_notebooks.py), `make test-all` by nbval too."""

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.slow)
