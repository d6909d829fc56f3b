"""One run of a shell command: wall and CPU time, peak memory of its largest process, what it wrote."""
import os
import shutil
import subprocess
import time
from dataclasses import dataclass


class Failed(Exception):
    pass


@dataclass
class Run:
    wall: float
    cpu: float
    mib: float
    written: int  # bytes of the files in OUT; of pictures, those alone
    said: str     # standard error


def emptied(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)


def files_in(folder):
    return [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]


def written(folder):
    files = files_in(folder)
    pictures = [path for path in files if path.endswith(".png")]
    return sum(os.path.getsize(path) for path in pictures or files)


def measured(command, variables, work, nowhere=()):
    """Runs it in bash with pipefail, with the folders $OUT and $TMPDIR empty in work, but for the names
    nowhere in $OUT, which lead to /dev/null. Memory is GNU time's: the kernel counts a process's memory
    before exec as its own, and time is smaller than Python."""
    out, scratch, peak, said = (os.path.join(work, name) for name in ("out", "tmp", "peak", "said"))
    emptied(out)
    emptied(scratch)
    for name in nowhere:
        os.symlink("/dev/null", os.path.join(out, name))
    environment = {**os.environ, **variables, "OUT": out, "TMPDIR": scratch, "LC_ALL": "C"}
    line = ["/usr/bin/time", "-q", "-o", peak, "-f", "%M", "bash", "-c", "set -o pipefail; " + command]
    with open(said, "w+", errors="replace") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(line, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        text = errors.read()
    if process.returncode:
        raise Failed(f"exit {process.returncode}: {' '.join(text.split())[-200:]}")
    with open(peak) as file:
        mib = int(file.read()) / 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, mib, written(out), text)
