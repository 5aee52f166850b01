"""The tool finds what gettext's own program finds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from dateline.operations import translations

PACKAGE = translations.FOLDER.parent


@pytest.mark.skipif(not shutil.which("xgettext"), reason="no xgettext: apt install gettext")
def test_as_makemessages_finds_them(tool: Any, tmp_path: Path) -> None:
    ours = {(message.context, message.id) for message in tool.extract() if message.id}
    copy = tmp_path / "dateline"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("locale", "__pycache__"))
    (copy / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "ru", "--no-location"]
    subprocess.run([*command, "-v", "0"], cwd=copy, env=_without_settings(), check=True)
    with (copy / "locale/ru/LC_MESSAGES/django.po").open("rb") as source:
        theirs = {(message.context, message.id) for message in read_po(source) if message.id}
    assert ours == theirs


def test_modules_and_templates_of_every_kind(tool: Any, tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(
        "_('plain')\npgettext_lazy('where', 'in context')\n"
        "ngettext('%(n)s one', '%(n)s many', 3)\ngettext(name)\n"
    )
    (tmp_path / "two.html").write_text(
        '{% load i18n %}\n<p title="{% trans \'titled\' %}">it\'s {# _("no") #}</p>\n'
        "{% blocktranslate trimmed count n=n with a=b|f %}{{ n }} by {{ a }}"
        "{% plural %}{{ n }} of {{ a }}{% endblocktranslate %}"
    )
    found = {(message.context, message.id) for message in tool.extract(tmp_path) if message.id}
    assert found == {
        (None, "plain"),
        ("where", "in context"),
        (None, ("%(n)s one", "%(n)s many")),
        (None, "titled"),
        (None, ("%(n)s by %(a)s", "%(n)s of %(a)s")),
    }


def test_what_is_new_comes_in_untranslated_and_what_is_gone_leaves(
    tool: Any, tmp_path: Path
) -> None:
    code, path = tmp_path / "code", tmp_path / "pl/LC_MESSAGES/django.po"
    code.mkdir()
    (code / "page.py").write_text("_('kept')\n_('gone')\n")
    catalogue = tool.brought_in_step(tool.read(path), tool.extract(code))
    catalogue["kept"].string, catalogue["gone"].string = "zostaje", "znika"
    tool.write(path, catalogue)
    (code / "page.py").write_text("_('kept')\n_('going')\n")
    assert list(tool.faults(tool.read(path), tool.extract(code))) == [
        "missing: 'going'",
        "superfluous: 'gone'",
    ]
    tool.write(path, tool.brought_in_step(tool.read(path), tool.extract(code)))
    assert list(tool.faults(tool.read(path), tool.extract(code))) == ["untranslated: 'going'"]
    assert tool.read(path)["kept"].string == "zostaje"
    assert tool.read(path).num_plurals == 3


def _without_settings() -> dict[str, str]:
    """The settings of the tests are not to be found from the copy, and are not needed there."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
