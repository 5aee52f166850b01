"""What this machine is, and what a process takes of it. No name of a host, user or folder."""

from __future__ import annotations

import os
import platform
import resource
import sqlite3
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

MEGABYTE = 1_000_000


def describe() -> dict[str, str | int | float]:
    """Kind, cores, memory, and the versions everything else depends on."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(pages / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "django": version("django"),
        "load": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def own_memory() -> dict[str, float]:
    """This process's memory in MB: its own, and files it has mapped (which the system may take)."""
    held = _status("self")
    return {"own": held["RssAnon"] / 1000, "mapped": (held["RssFile"] + held["RssShmem"]) / 1000}


def _status(process: str | int) -> dict[str, int]:
    """The memory lines of a process's status, in kB; zeros where /proc is not there."""
    found = dict.fromkeys(("RssAnon", "RssFile", "RssShmem", "VmHWM"), 0)
    status = Path(f"/proc/{process}/status")
    for line in status.read_text().splitlines() if status.exists() else []:
        name, _, rest = line.partition(":")
        if name in found:
            found[name] = int(rest.split()[0])
    return found


def shared_memory(processes: list[int]) -> float:
    """The memory of several processes in MB, what they share counted once."""
    total = 0
    for process in processes:
        lines: list[str] = []
        with suppress(OSError):  # it may end while we look
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1000


def descendants(process: int) -> list[int]:
    """A process and all that it started."""
    found = [process]
    with suppress(OSError):  # it may end while we look
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        for child in children:
            found += descendants(int(child))
    return found


def processor_seconds() -> float:
    """Processor time of this process, and of those it started and has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak_memory() -> float:
    """The most memory this process has held so far, in MB, mapped files included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def disk(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
