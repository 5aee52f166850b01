"""Names in one line, parted by commas that may also be inside a name."""

from collections.abc import Collection


def split_names(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names in ``text``, parted at commas.

    A name in ``known`` (case and spacing aside) is kept whole though it has commas in it, the
    longest such name first.
    """
    parts = [part.strip() for part in text.split(",")]
    folded = {_fold(name) for name in known if "," in name}
    longest = max((name.count(",") for name in folded), default=0)
    found: list[str] = []
    start = 0
    while start < len(parts):
        end = _end(parts, start, longest, folded)
        found.append(", ".join(parts[start:end]))
        start = end
    return tuple(dict.fromkeys(filter(None, found)))


def _end(parts: list[str], start: int, longest: int, folded: set[str]) -> int:
    for end in range(min(len(parts), start + longest + 1), start + 1, -1):
        if _fold(",".join(parts[start:end])) in folded:
            return end
    return start + 1


def _fold(name: str) -> str:
    return ",".join(" ".join(part.split()) for part in name.casefold().split(","))
