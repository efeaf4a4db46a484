"""Balie's settings with two more addresses, for the benchmarks of pages."""

from balie.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare_urls"
