"""Makes databases known, for the project manager to attach: files and servers."""

from __future__ import annotations

import sys

from resolve_engine.errors import StoreError
from resolve_engine.store import databases, home

USAGE = "usage: python -m resolve_engine.store list | add-disk NAME | add-postgresql NAME ADDRESS [OPTION=VALUE ...]"


def main(arguments: list[str]) -> int:
    """0 when it was done, 1 with the reason on standard error, 2 for a wrong command."""
    try:
        match arguments:
            case ["list"]:
                for name in databases.known(home.home()):
                    print(*name.shown().values(), sep="\t")
            case ["add-disk", name]:
                databases.add_file(home.home(), name)
            case ["add-postgresql", name, address, *options] if all("=" in option for option in options):
                pairs = dict(option.split("=", 1) for option in options)
                databases.add_server(home.home(), name, address, pairs)
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
