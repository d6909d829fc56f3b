#!/usr/bin/python3
"""Kills programs of pipelines at random times and looks at what stays.

kills.py [--runs N] [--seed N] PROGRAMS

Each run starts a pipeline, waits a random part of the time that it needs, and sends one of its programs
TERM, INT, HUP or KILL. Afterwards all programs must end, and the output must be as it was before, or
whole; nothing else may be left, neither beside the output nor in TMPDIR. Prints a table; exit 1 if a run
was wrong.
"""
import argparse
import collections
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SECONDS = 20
PIPELINES = [
    "volcrop IN/volume.nrrd | volgamma -g 0.5 | voleq | volclip -o out/result",
    "volcrop IN/volume.nrrd | voleq -o out/result",
    "volclip -q 1,99 -j 2 IN/volume.nrrd -o out/result",
    "volcrop IN/volume.nrrd | voleq | vol2tiff --compress deflate -o out/result",
    "vol2tiff --type uint16 IN/volume.nrrd -o out/result",
    "voleq IN/volume.nrrd | vol2png -o out/p%02d.png",
    "voleq IN/volume.nrrd | vol2png -w percentile:0.5,99.5 -o out/p%02d.png",
    "volgamma IN/volume.nrrd | volbin -f 7,3,3 -o out/result",
    "volcrop IN/volume.nrrd | volmatch --reference IN/volume.nrrd -o out/result",
    "volcrop IN/volume.nrrd | vol2png -m 5x5 -w plane -o out/result",
    "voleq IN/volume.nrrd | volhist --json -q 1,99 -o out/result",
    "volclip IN/volume.nrrd | vol2html -o out/result",
    "volcrop IN/volume.nrrd | volclahe -o out/result",
    "volcrop IN/volume.nrrd | volaxes --order column,row,plane | volmedian -o out/result",
    "volthreshold IN/volume.nrrd | vollabel -o out/result",
    "volthreshold IN/volume.nrrd | volmeasure - IN/volume.nrrd -o out/result",
    "volcrop IN/volume.nrrd | volmorph --tophat --size 9 -o out/result",
    "volcrop IN/volume.nrrd | volresample --size 70,100,230 --smooth -o out/result",
    "volthreshold IN/volume.nrrd | voldistance --voxels --signed -o out/result",
    "tiff2vol - -o out/result",
    "tiff2vol IN/volume.tif | volstats -q 1,99 -o out/result",
]
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL]


def make_inputs(folder, programs):
    import numpy as np
    samples = np.random.default_rng(1).random((30, 200, 200), np.float32)
    with open(f"{folder}/volume.nrrd", "wb") as file:
        file.write(b"NRRD0004\ntype: float\ndimension: 3\nsizes: 200 200 30\nendian: little\nencoding: raw\n"
                   b"window:=0 1\n\n" + samples.tobytes())
    subprocess.run([f"{programs}/vol2tiff", "--compress", "deflate", "--type", "uint16", f"{folder}/volume.nrrd",
                    "-o", f"{folder}/volume.tif"], check=True)


class Place:
    def __init__(self, inputs):
        self.folder = tempfile.mkdtemp()
        os.symlink(inputs, f"{self.folder}/IN")

    def prepare(self, exists):
        for name in "out", "tmp":
            shutil.rmtree(f"{self.folder}/{name}", ignore_errors=True)
            os.mkdir(f"{self.folder}/{name}")
        if exists:
            with open(f"{self.folder}/out/result", "wb") as file:
                file.write(b"before")

    def start(self, programs, pipeline):
        stages, stdin = [], open(f"{self.folder}/IN/volume.tif", "rb")
        commands = pipeline.split(" | ")
        for number, command in enumerate(commands):
            name, *rest = command.split()
            last = number == len(commands) - 1
            stages.append(subprocess.Popen(
                [f"{programs}/{name}", *rest], cwd=self.folder, stdin=stdin, stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C", "TMPDIR": f"{self.folder}/tmp"},
                stdout=subprocess.DEVNULL if last else subprocess.PIPE))
            stdin.close()
            stdin = stages[-1].stdout
        return stages

    def files(self):
        found = {}
        for folder in "out", "tmp":
            for name in os.listdir(f"{self.folder}/{folder}"):
                with open(f"{self.folder}/{folder}/{name}", "rb") as file:
                    found[f"{folder}/{name}"] = file.read()
        return found


def end(stages):
    """Waits for all; False if one hangs."""
    limit, ended = time.monotonic() + SECONDS, True
    for stage in stages:
        try:
            stage.wait(max(0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            stage.kill()
            stage.wait()
            ended = False
    return ended


def judge(files, whole, exists):
    for name, data in files.items():
        if whole.get(name) == data or (exists and name == "out/result" and data == b"before"):
            continue
        return f"leaves {name} of {len(data)} bytes"
    return "" if not exists or "out/result" in files else "the file that was there is gone"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("programs")
    options = parser.parse_args()
    programs, rng = os.path.abspath(options.programs), random.Random(options.seed)
    inputs = tempfile.mkdtemp()
    make_inputs(inputs, programs)
    place, whole, seconds = Place(inputs), {}, {}
    for pipeline in PIPELINES:
        place.prepare(False)
        begin = time.monotonic()
        stages = place.start(programs, pipeline)
        if not end(stages) or any(stage.returncode for stage in stages):
            print(f"wrong: {pipeline} fails by itself")
            return 1
        seconds[pipeline], whole[pipeline] = time.monotonic() - begin, place.files()
    tally, wrong = collections.Counter(), []
    for run in range(options.runs):
        pipeline, number = PIPELINES[run % len(PIPELINES)], rng.choice(SIGNALS)
        exists = "p%02d" not in pipeline and rng.random() < 0.5
        place.prepare(exists)
        stages = place.start(programs, pipeline)
        victim = rng.randrange(len(stages))
        time.sleep(rng.random() * seconds[pipeline])
        stages[victim].send_signal(number)
        ended = end(stages)
        tally["killed" if stages[victim].returncode == -number else "too late"] += 1
        fault = judge(place.files(), whole[pipeline], exists) if ended else "hangs"
        if fault:
            wrong.append(f"{pipeline}: {signal.Signals(number).name} to stage {victim}: {fault}")
    shutil.rmtree(place.folder)
    shutil.rmtree(inputs)
    print(f"{options.runs} runs of {len(PIPELINES)} pipelines, seed {options.seed}: {tally['killed']} killed, "
          f"{tally['too late']} ended before, {len(wrong)} wrong")
    for line in wrong:
        print("wrong:", line)
    return 1 if wrong else 0


sys.exit(main())
