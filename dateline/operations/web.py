"""How gunicorn runs the site. Read by `gunicorn --config python:dateline.operations.web`."""

import os
from pathlib import Path

proc_name = "dateline"
workers = int(os.environ.get("DATELINE_WORKERS", "2"))
threads = int(os.environ.get("DATELINE_THREADS", "4"))
worker_class = "gthread"

# Each process opens its own database connections and index: nothing is shared by a fork.
preload_app = False

# A thread that reads a large export is no reason to kill the process it is in.
timeout = 120
# Less than the supervisor's patience, so that the last requests end before it loses it.
graceful_timeout = 25
# Longer than nginx keeps its idle connections to us (60 s), so that it is nginx that closes them.
keepalive = 65

# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# nginx writes the access log; errors go to standard error with everything else.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("DATELINE_LOG_LEVEL", "warning").lower()
control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """Each process looks after the worker, once the site is loaded in it."""
    from dateline.operations import alarm

    alarm.start()
