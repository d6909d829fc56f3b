#!/usr/bin/python3
"""Wall time and peak memory against the number of planes, and against the size of a plane.

curves.py RESULTS   writes into the folder RESULTS: curves.tsv, planes-wall.svg, planes-memory.svg,
                    side-wall.svg, side-memory.svg
Environment: CURVE_ROUNDS (3), CURVE_PLANES (64 128 256 512 1024), CURVE_SIDES (256 ... 8192),
CURVE_SIDE and CURVE_DEPTH, what stays the same (512, 4); BENCH_DIR and JOBS as for run.py, where
these are called "curves"."""
import os
import shutil
import statistics
import sys

import measure
import svg
import volumes
from run import bench_dir, chosen, say, setting

COMMANDS = {
    "tiff2vol | volgamma": 'tiff2vol "$STACK.tif" | volgamma -g 0.5 >/dev/null',
    "voleq": 'voleq "$STACK.nrrd" >/dev/null',
    "volclip": 'volclip "$STACK.nrrd" >/dev/null',
    "vol2png": 'vol2png -w 0,1 -o "$OUT/%04d.png" "$STACK.nrrd"',
}
COLUMNS = ["curve", "planes", "side", "program", "wall_s", "cpu_s", "peak_MiB"]


def numbers(name, default):
    return [int(word) for word in setting(name, default).split()]


def points():
    """(curve, planes, side)."""
    side, depth = int(setting("CURVE_SIDE", "512")), int(setting("CURVE_DEPTH", "4"))
    for planes in numbers("CURVE_PLANES", "64 128 256 512 1024"):
        yield "planes", planes, side
    for side in numbers("CURVE_SIDES", "256 512 1024 2048 4096 8192"):
        yield "side", depth, side


def measured(planes, side, data):
    """Program -> medians of wall, CPU, MiB, in rounds over the programs."""
    say(f"curves: {planes} planes of {side} x {side}")
    volumes.stack(data, planes, side)
    seen, work = {"STACK": os.path.join(data, "stack")}, os.path.join(data, "work")
    runs = {name: [] for name in COMMANDS}
    for _ in range(int(setting("CURVE_ROUNDS", "3"))):
        for name, command in COMMANDS.items():
            runs[name].append(measure.measured(command, seen, work))
    shutil.rmtree(work)
    return {name: [statistics.median(getattr(run, what) for run in each)
                   for what in ("wall", "cpu", "mib")] for name, each in runs.items()}


def measure_all(data, file):
    """Rows (curve, planes, side, program, wall, cpu, MiB), written as they come."""
    print(*COLUMNS, sep="\t", file=file)
    rows = []
    for curve, planes, side in points():
        for name, (wall, cpu, mib) in measured(planes, side, data).items():
            rows.append((curve, planes, side, name, wall, cpu, mib))
            print(curve, planes, side, name, f"{wall:.4f}", f"{cpu:.4f}", f"{mib:.1f}", sep="\t",
                  file=file, flush=True)
    for ending in "tif", "nrrd":
        os.remove(os.path.join(data, "stack." + ending))
    return rows


def series(rows, curve, value):
    """Program -> points; value: column of the row."""
    across = 1 if curve == "planes" else 2
    return {name: [(row[across], row[value]) for row in rows if row[0] == curve and row[3] == name]
            for name in COMMANDS}


def axis(rows, curve):
    """Its ticks are what was measured; from 0 on, those that are not too near one another."""
    have = sorted({row[1 if curve == "planes" else 2] for row in rows if row[0] == curve})
    if curve == "planes":
        return svg.Axis("planes", ticks=[0] + [n for n in have if n * 10 > have[-1]])
    return svg.Axis("rows and columns of a plane", True, have)


def charts(rows):
    """File name -> drawing. Time grows with the square of the side: straight in logarithms."""
    fixed = {"planes": f"planes of {next(r[2] for r in rows if r[0] == 'planes')} squared",
             "side": f"{next(r[1] for r in rows if r[0] == 'side')} planes"}
    for curve, what in fixed.items():
        time = svg.Axis("wall time, s", curve == "side")
        yield f"{curve}-wall.svg", svg.chart(
            f"Wall time, {what}", axis(rows, curve), time, series(rows, curve, 4))
        most = 16 if curve == "planes" else 32
        memory = svg.Axis("peak memory of the largest process, MiB", reach=most * 1.1)
        yield f"{curve}-memory.svg", svg.chart(
            f"Peak memory, {what}", axis(rows, curve), memory, series(rows, curve, 6),
            (most, f"the most allowed, {most} MiB"))


def main():
    results, data = sys.argv[1], bench_dir()
    if not chosen("curves", "JOBS"):
        return
    os.makedirs(results, exist_ok=True)
    with open(os.path.join(results, "curves.tsv"), "w") as file:
        rows = measure_all(data, file)
    for name, drawing in charts(rows):
        with open(os.path.join(results, name), "w") as file:
            file.write(drawing)


if __name__ == "__main__":
    main()
