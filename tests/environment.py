"""The settings tests run under: a data folder of their own, never a real newsroom's."""

import os
import tempfile
from pathlib import Path

os.environ["DATELINE_DATA"] = tempfile.mkdtemp(prefix="dateline-tests-")
os.environ["DATELINE_NEWSROOM"] = str(Path(__file__).parent / "newsroom.toml")
os.environ.setdefault("DATELINE_SECRET_KEY", "for tests only")
os.environ.setdefault("DATELINE_EMAIL_URL", "memory://")
# A walk through every address is more than is fair to one reader.
os.environ.setdefault("DATELINE_API_LIMIT", "0")
# What a test writes must not be asked for on the Internet; the tests of links turn it on.
os.environ.setdefault("DATELINE_LINK_CHECKS", "no")
# Playwright keeps an event loop in the tests' own thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from dateline.settings import *  # noqa: F403

# Pages are tested from the source tree: nothing has collected and hashed its static files.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
# A hash that is slow on purpose would be most of the time the desk's tests take.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
