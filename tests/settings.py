"""Balie's settings for the tests: a database of the run's own, and a fast password hasher.

The first process of a run chooses the folder; the others (pytest-xdist) inherit it through the environment. The
server itself is started by `tests/conftest.py`.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "BALIE_TEST_RUN" not in os.environ:
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    os.environ["BALIE_TEST_RUN"] = tempfile.mkdtemp(prefix="balie-test-", dir=place)
    Path(os.environ["BALIE_TEST_RUN"]).chmod(0o711)  # so that root's PostgreSQL, another user, can work in it
    os.environ["BALIE_DATA"] = f"{os.environ['BALIE_TEST_RUN']}/data"
    atexit.register(shutil.rmtree, os.environ["BALIE_TEST_RUN"], ignore_errors=True)

from balie.config import cluster

os.environ.setdefault("DATABASE_URL", cluster.Cluster.of(Path(os.environ["BALIE_DATA"])).url)

from balie.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
