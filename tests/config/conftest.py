from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

IS_ROOT = os.geteuid() == 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only root can try is left out for anybody else."""
    if not IS_ROOT:
        left_out = [item for item in items if item.get_closest_marker("root")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@contextmanager
def empty_folder(mode: int) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="balie-", dir="/tmp"))
    folder.chmod(mode)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """An empty folder that every user may enter, unlike pytest's own."""
    with empty_folder(0o755) as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_folder() -> Iterator[Path]:
    """Such a folder for all tests of a module."""
    with empty_folder(0o755) as folder:
        yield folder


@pytest.fixture
def private_folder() -> Iterator[Path]:
    """An empty folder that only we may enter."""
    with empty_folder(0o700) as folder:
        yield folder


@pytest.fixture
def quick_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk when a cluster is made."""
    monkeypatch.setenv("BALIE_UNSAFE_FAST_DATABASE", "1")
