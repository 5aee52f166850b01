"""`dateline import`: stories from a file or an address."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dateline.cli import parsers, site

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from dateline.importing import Options, Progress

OK, UNUSABLE, REJECTED = 0, 2, 3
FORMATS = ("listing", "jsonlines", "csv", "rss")

DESCRIPTION = """\
Import stories from a file, a pipe ("-") or an http(s) address, packed with gzip or not.
The same input again changes nothing; what changed at its source is updated, with its history kept.
An import that was interrupted is simply started again.

formats (found out unless named):
  listing      the text of a newsroom's listing page, as copied from a browser
  jsonlines    one JSON object a line, with HTML, Markdown or plain bodies
  csv          a table with a header row
  rss          RSS and Atom feeds
"""

EXAMPLES = """\
  dateline import news.jsonl.gz --dry-run       say what it would do
  dateline import news.jsonl.gz
  dateline import old.csv --map "Titel=headline,Datum=published,Text=body" --language de
  dateline import page.txt --map "Date de publication=published,Nos bureaux=offices"
  dateline import https://example.org/news.atom --source partner

exit status:
  0 all imported   1 failed   2 the input or an option cannot be used, nothing was imported
  3 imported, and some records were rejected (see rejected.jsonl)
docs/importing.md explains how stories, translations and terms are recognised.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `import`."""
    command = parsers.add(
        commands, "import", "bring stories in from a file or an address", DESCRIPTION, EXAMPLES
    )
    command.add_argument("address", metavar="FILE_OR_URL", help='what to import; "-" for a pipe')
    command.add_argument("--format", default="", choices=FORMATS, help="do not find it out")
    command.add_argument(
        "--source", default="", metavar="NAME", help="under which ids are remembered (file's name)"
    )
    command.add_argument(
        "--language", default="", metavar="TAG", help="of records that do not say theirs"
    )
    command.add_argument(
        "--map",
        default="",
        metavar="COLUMN=FIELD,…",
        help="what a CSV file's columns, or a listing's labels, are",
    )
    command.add_argument(
        "--body-format", default="html", choices=("html", "markdown", "text"), help="default: html"
    )
    command.add_argument(
        "--encoding", default="", metavar="NAME", help="of a text that does not show it"
    )
    command.add_argument("--dry-run", action="store_true", help="report the same, write nothing")
    command.add_argument(
        "--rejected", type=Path, metavar="PATH", help="for refused records (rejected.jsonl)"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import and print the report; see EXAMPLES for the exit status."""
    site.load()
    from dateline import importing
    from dateline.importing import account
    from dateline.lib.reading import SourceError

    try:
        options = _options(arguments)
        with _shown() as progress:
            report = importing.run(arguments.address, options, progress)
    except SourceError as error:
        print(f"dateline: {error}", file=sys.stderr)
        return UNUSABLE
    print(account.written(report, options.rejected))
    return REJECTED if report.rejected else OK


def _options(arguments: argparse.Namespace) -> Options:
    from dateline.formats.csv.read import parse_mapping
    from dateline.importing import Options
    from dateline.lib.reading import SourceError

    try:
        mapping = parse_mapping(arguments.map)
    except ValueError as error:
        raise SourceError(f"--map: {error}") from error
    rejected = arguments.rejected or (None if arguments.dry_run else Path("rejected.jsonl"))
    return Options(
        format=arguments.format,
        source=arguments.source,
        language=arguments.language,
        mapping=mapping,
        body_format=arguments.body_format,
        encoding=arguments.encoding,
        dry_run=arguments.dry_run,
        rejected=rejected,
    )


@contextmanager
def _shown() -> Iterator[Progress]:
    """A bar with rate and time left where somebody watches; else nothing."""
    from dateline.importing import progress

    if not sys.stderr.isatty():
        yield progress.silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description:>10}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[records]:,} records, {task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        yield _Bars(bar)


class _Bars:
    """One bar for each stage."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, position: int, total: int | None, records: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total, records=0, rate=0.0)
        task = self._tasks[stage]
        elapsed = self._bar.tasks[task].elapsed or 0.0
        rate = records / elapsed if elapsed else 0.0
        self._bar.update(task, completed=position, records=records, rate=rate)
