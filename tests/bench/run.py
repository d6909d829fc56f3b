#!/usr/bin/python3
"""Measures the jobs: every contender in turn, round after round, so that noise hits all alike.

run.py RESULTS     writes the folder RESULTS: results.tsv
Environment: ROUNDS (5); SIZES, JOBS, CONTENDERS: names with * and ? among blanks (small medium, all,
all); BENCH_DIR: volumes and scratch, 6 GB; MANY: small volumes a run (1000); SLOW: who takes longer
in the first round is not run again, in seconds (15). The programs measured are those on PATH."""
import os
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from fnmatch import fnmatch

import agree
import machine
import measure
import volumes
from jobs import JOBS, PROGRAMS

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = "size job contender runs wall_s cpu_s peak_MiB out_bytes wall_to_vol wall_to_cat".split()


def setting(name, default):
    return os.environ.get(name) or default


def chosen(name, variable, default="*"):
    return any(fnmatch(name, pattern) for pattern in setting(variable, default).split())


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def bench_dir():
    """On a RAM file system with room, so that no disk is measured."""
    roomy = os.path.isdir("/dev/shm") and shutil.disk_usage("/dev/shm").free > 8 << 30
    place = "/dev/shm" if roomy else os.environ.get("TMPDIR", "/tmp")
    return setting("BENCH_DIR", os.path.join(place, f"vol-bench-{os.getuid()}"))


def missing(contender):
    """What a contender lacks, or None."""
    if contender == "scikit-image":
        got = subprocess.run([machine.PYTHON, "-c", "import skimage, tifffile"], capture_output=True)
        return "python3-skimage" if got.returncode else None
    names = [name.replace("$UNU", machine.unu()) for name in PROGRAMS[contender]]
    return next((name for name in names if not shutil.which(name)), None)


def contenders():
    """Those that are here; the others are named."""
    here = []
    for name in PROGRAMS:
        lack = missing(name) if chosen(name, "CONTENDERS") else None
        if lack:
            say(f"skipped: {name} ({lack} is not installed)")
        elif chosen(name, "CONTENDERS"):
            here.append(name)
    return here


def variables(data, size):
    """What the commands see; see jobs.py."""
    base, many = os.path.join(data, size), int(setting("MANY", "1000"))
    integer = size != "small"
    full = 65535 if integer else 1
    planes, side, _ = volumes.SIZES[size]
    here = {"TIF": base + ".tif", "TIFZ": base + "_z.tif", "NRRD": base + ".nrrd", "PGM": base + ".pgm",
            "VIPS_TIF": base + (".tif" if integer else "_32.tif") + "[n=-1]",
            "TO_ONE": 1 / full, "TO_BYTE": 255 / full, "PLANES": planes, "SIDE": side,
            "TINY": os.path.join(data, "tiny"), "MANY": many, "FEW": max(1, many // 100),
            "PY": f"{machine.PYTHON} {HERE}/skimage_job.py", "UNU": machine.unu()}
    return {name: str(value) for name, value in here.items()}


def commands(job, size, here):
    """Contender -> command, of those that are here and take such samples."""
    for name, command in job.commands.items():
        name, _, integer = name.partition(":")
        if name in here and not (integer and size == "small"):
            yield name, command


class Rounds:
    """The runs of one job on one volume. The tiny one's samples become files, which are looked at."""

    def __init__(self, job, size, data):
        self.job, self.size, self.seen = job, size, variables(data, size)
        self.work = os.path.join(data, "work")
        self.nowhere = ("x", "x.raw") if job.makes in ("samples", "samples2") and size != "tiny" else ()
        self.runs, self.over = defaultdict(list), set()

    def once(self, name, command):
        """Who fails has a second try, since some crash now and then; after that it is left out."""
        run = self.attempt(name, command) or self.attempt(name, command)
        if not run or run.wall > float(setting("SLOW", "15")):
            self.over.add(name)
        if run:
            self.keep(name, run)

    def attempt(self, name, command):
        """A run whose output is the work that was asked for, or None."""
        try:
            run = measure.measured(command, self.seen, self.work, self.nowhere)
            wrong = agree.fault(self.job, os.path.join(self.work, "out"), *volumes.SIZES[self.size][:2])
        except measure.Failed as why:
            run, wrong = None, why
        if wrong and not (run and self.nowhere):
            say(f"{self.size} {self.job.name} {name}: {wrong}")
            return None
        return run

    def keep(self, name, run):
        count = int(self.seen[self.job.counts[name]]) if self.job.counts else 1
        run.wall, run.cpu = run.wall / count, run.cpu / count
        self.runs[name].append(run)
        for line in run.said.splitlines():
            if line.startswith("call "):
                wall, cpu = map(float, line.split()[1:])
                self.runs["call"].append(measure.Run(wall, cpu, run.mib, 0, ""))

    def rows(self):
        middle = {name: [statistics.median(getattr(run, what) for run in runs)
                         for what in ("wall", "cpu", "mib", "written")]
                  for name, runs in self.runs.items()}
        for name, (wall, cpu, mib, written) in middle.items():
            ratios = [f"{wall / middle[to][0]:.3f}" if to in middle else "-" for to in ("vol", "cat")]
            yield [self.size, self.job.name, name, str(len(self.runs[name])), f"{wall:.5f}",
                   f"{cpu:.5f}", f"{mib:.1f}", f"{written:.0f}", *ratios]


def agreeing(job, here, data):
    """Those whose output on the tiny volume is as many samples or pictures as it should be."""
    rounds = Rounds(job, "tiny", data)
    rounds.seen.update(MANY="1", FEW="1")
    for name, command in commands(job, "tiny", here):
        rounds.once(name, command)
    return [name for name in here if name in rounds.runs]


def measured(job, size, here, data):
    """Rows of results.tsv."""
    if size != "tiny":
        here = agreeing(job, here, data)
    rounds = Rounds(job, size, data)
    for i in range(int(setting("ROUNDS", "5"))):
        say(f"{size} {job.name}: round {i + 1}")
        for name, command in commands(job, size, here):
            if name not in rounds.over:
                rounds.once(name, command)
    return rounds.rows()


def main():
    results, data, here = sys.argv[1], bench_dir(), contenders()
    todo = [(size, job) for size in volumes.SIZES if chosen(size, "SIZES", "small medium")
            for job in JOBS if size in job.sizes and chosen(job.name, "JOBS")]
    for size in dict.fromkeys(["tiny", *(size for size, _ in todo)]):
        volumes.volume(data, size)
    os.makedirs(results, exist_ok=True)
    with open(os.path.join(results, "results.tsv"), "w") as file:
        for line in machine.described(data):
            print("#", line, file=file)
        print(*COLUMNS, sep="\t", file=file)
        for size, job in todo:
            for row in measured(job, size, here, data):
                print(*row, sep="\t", file=file, flush=True)
    shutil.rmtree(os.path.join(data, "work"), ignore_errors=True)


if __name__ == "__main__":
    main()
