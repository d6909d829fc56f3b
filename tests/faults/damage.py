#!/usr/bin/python3
"""Cuts files and flips their bits, and looks at what programs make of them.

damage.py [--cuts N] [--flips N] [--seed N] PROGRAMS

A file that was cut must be refused, or read as the whole file where nothing that counts is missing. A
flipped bit must be refused, or change nothing, where a checksum covers it; elsewhere it may change
samples, but not how many there are. A refusal is status 1 and one line. Prints a table; exit 1 if a run
was wrong.
"""
import argparse
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile

from inputs import make_inputs

SECONDS = 20


def nrrd_data(data):
    return range(data.index(b"\n\n") + 2, len(data))


def strips(data):
    """The bytes of a TIFF file that are its first page's strips."""
    import io
    import tifffile
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages[0]
        return [i for at, n in zip(page.dataoffsets, page.databytecounts) for i in range(at, at + n)]


# file, command, which of its bytes a checksum covers, which are samples without one
CASES = [
    ("gray.nrrd", "volgamma -g 1", None, nrrd_data),
    ("mask.nrrd", "voleq --mask", None, None),
    ("gzip.nrrd", "volgamma -g 1", nrrd_data, None),
    ("gray.stats", "volhist --json --from", lambda data: range(len(data)), None),
    ("float.stats", "volhist --json -q 1,99 --from", lambda data: range(len(data)), None),
    ("float.stats", "volstats --merge", lambda data: range(len(data)), None),
    ("cells.tif", "tiff2vol", None, strips),
    ("imagej.tif", "tiff2vol", None, strips),
    ("ome.tif", "tiff2vol", None, strips),
    ("float.tif", "tiff2vol", None, strips),
    ("palette.tif", "tiff2vol", None, strips),
    ("deflate.tif", "tiff2vol", strips, None),
    ("predictor.tif", "tiff2vol", strips, None),
    ("lzw.tif", "tiff2vol", None, strips),
    ("tiles.tif", "tiff2vol", None, strips),
    ("packbits.tif", "tiff2vol", None, strips),
    ("jpeg.tif", "tiff2vol", None, strips),
    ("ycbcr.tif", "tiff2vol", None, strips),
    ("fax.tif", "tiff2vol", None, strips),
    ("hyperstack.tif", "tiff2vol --channels all", None, strips),
    ("ome.tif", "volinfo", None, None),
]


class Trial:
    def __init__(self, folder, inputs, programs, name, command):
        self.path = f"{folder}/damaged"
        self.command = [f"{programs}/{command.split()[0]}", *command.split()[1:], self.path]
        if "--mask" in command:
            self.command.append(f"{inputs}/gray.nrrd")

    def run(self, data):
        with open(self.path, "wb") as file:
            file.write(data)
        try:
            done = subprocess.run(self.command, capture_output=True, stdin=subprocess.DEVNULL, timeout=SECONDS,
                                  env={"LC_ALL": "C"})
        except subprocess.TimeoutExpired:
            return "hangs", b"", []
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").splitlines()


def judge(whole, outcome, may_differ):
    status, out, said = outcome
    if status == 0:
        same = out == whole
        return "same" if same else "different" if may_differ(out) else "wrong"
    notices = [line for line in said if ": page " not in line or "read as" not in line]
    return "refused" if status == 1 and notices else "wrong"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--flips", type=int, default=400)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("programs")
    options = parser.parse_args()
    programs, rng = os.path.abspath(options.programs), random.Random(options.seed)
    inputs, folder = tempfile.mkdtemp(), tempfile.mkdtemp()
    make_inputs(inputs, programs)
    total, wrong = collections.Counter(), []
    print(f"{'file':<16}{'damaged':>9}{'refused':>9}{'same':>7}{'different':>11}{'wrong':>7}")
    for name, command, covered, plain in CASES:
        with open(f"{inputs}/{name}", "rb") as file:
            data = file.read()
        trial, tally = Trial(folder, inputs, programs, name, command), collections.Counter()
        status, whole, said = trial.run(data)
        assert status == 0, (command, said)
        guarded, samples = set(covered(data) if covered else ()), set(plain(data) if plain else ())

        def note(verdict, outcome, what):
            tally[verdict] += 1
            if verdict == "wrong":
                wrong.append(f"{command} {name}: {what}: status {outcome[0]}, {len(outcome[1])} bytes of "
                             f"{len(whole)}, {outcome[2]}")

        for _ in range(options.cuts):
            size = rng.randrange(len(data))
            outcome = trial.run(data[:size])
            note(judge(whole, outcome, lambda out: False), outcome, f"cut to {size} of {len(data)}")
        for _ in range(options.flips):
            at, bit = rng.randrange(len(data)), rng.randrange(8)
            damaged = bytearray(data)
            damaged[at] ^= 1 << bit
            outcome = trial.run(bytes(damaged))
            note(judge(whole, outcome, lambda out: at not in guarded and (at not in samples or len(out) == len(whole))),
                 outcome, f"bit {bit} of byte {at}")
        print(f"{name:<16}{sum(tally.values()):>9}{tally['refused']:>9}{tally['same']:>7}{tally['different']:>11}"
              f"{tally['wrong']:>7}")
        total += tally
    print(f"{'all':<16}{sum(total.values()):>9}{total['refused']:>9}{total['same']:>7}{total['different']:>11}"
          f"{total['wrong']:>7}")
    print(f"seed {options.seed}")
    for line in wrong:
        print("wrong:", line)
    shutil.rmtree(inputs)
    shutil.rmtree(folder)
    return 1 if wrong else 0


sys.exit(main())
