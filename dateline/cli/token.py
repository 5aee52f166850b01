"""`dateline token`: keys for programs that write stories."""

from __future__ import annotations

import argparse
from datetime import date, datetime, time
from typing import Any

from dateline.cli import parsers, site

DESCRIPTION = """\
Make, list and revoke tokens for the API. A token writes in the name of a desk login and may do what
that login may do, limited to its scopes. Its text is printed once, when it is made: only a hash is
kept.
"""

EXAMPLES = """\
  dateline token make --owner ada --name "Wire import" --scope create --scope publish
  dateline token make --owner ada --name "Trial" --scope update --expires 2027-01-31
  dateline token list
  dateline token revoke 3f9c1a2b
"""

SCOPES = ("create", "update", "publish", "correct", "unpublish", "retract", "kill")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer `token` with its three actions."""
    command = parsers.add(
        commands, "token", "make and revoke tokens for the API", DESCRIPTION, EXAMPLES
    )
    actions = command.add_subparsers(metavar="ACTION", required=True)
    made = actions.add_parser("make", help="make a token and print it, this once")
    made.add_argument("--owner", required=True, help="the desk login it writes as")
    made.add_argument("--name", required=True, help="what it is for")
    made.add_argument("--scope", required=True, action="append", choices=SCOPES)
    made.add_argument("--expires", type=_day, help="the last day it is good for, as 2027-01-31")
    made.set_defaults(run=_make)
    actions.add_parser("list", help="say which there are").set_defaults(run=_list)
    revoked = actions.add_parser("revoke", help="end a token at once")
    revoked.add_argument("prefix", help="what stands between the underscores of the token")
    revoked.set_defaults(run=_revoke)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2027-01-31") from error


def _make(arguments: argparse.Namespace) -> int:
    site.load()
    from django.contrib.auth.models import User
    from django.utils import timezone

    from dateline.api import tokens
    from dateline.api.models import Scope
    from dateline.operations.refused import Refused

    owner = User.objects.filter(username=arguments.owner, is_active=True).first()
    if owner is None:
        raise Refused(f"there is no active login {arguments.owner!r}; see the desk's users.")
    expires = arguments.expires and timezone.make_aware(
        datetime.combine(arguments.expires, time.max)
    )
    token, text = tokens.make(owner, arguments.name, map(Scope, arguments.scope), expires)
    print(f"{token.name}: write this down, it is not shown again.\n{text}")
    return 0


def _list(_arguments: argparse.Namespace) -> int:
    site.load()
    from dateline.api.models import Token

    for token in Token.objects.select_related("owner"):
        state = "" if token.is_usable else "  not usable"
        used = f"last used {_when(token.last_used_at)}" if token.last_used_at else "never used"
        ends = f"until {_when(token.expires_at)}" if token.expires_at else "without end"
        print(
            f"{token.prefix}  {token.name}  as {token.owner.get_username()}  {token.scopes}"
            f"  {ends}  {used}{state}"
        )
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    site.load()
    from dateline.api import tokens
    from dateline.api.models import Token
    from dateline.operations.refused import Refused

    found = Token.objects.filter(prefix=arguments.prefix, revoked_at=None).first()
    if found is None:
        raise Refused(f"there is no token {arguments.prefix!r} to revoke; see dateline token list.")
    tokens.revoke(found)
    print(f"{arguments.prefix} is revoked.")
    return 0


def _when(moment: Any) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
