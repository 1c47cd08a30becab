"""The product's settings with the bare views beside its own addresses."""

from config.settings import *  # noqa: F403 - all of them: the middleware must be the same

ROOT_URLCONF = "tests.bench.bare"
