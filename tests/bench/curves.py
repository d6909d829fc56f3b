#!/usr/bin/python3
"""Wall time and peak memory against the number of planes, the size of a plane and the reach of a
window.

curves.py RESULTS   writes into the folder RESULTS: curves.tsv, curves.md, and for each curve
                    CURVE-wall.svg and CURVE-memory.svg
Environment: CURVE_ROUNDS (3), CURVE_PLANES (64 128 256 512 1024), CURVE_SIDES (256 ... 8192),
CURVE_SIDE and CURVE_DEPTH, what stays the same (512, 4), CURVE_REACHES (1 2 4 8 16), in voxels, on
CURVE_VOLUME (64 256: planes, side); BENCH_DIR and JOBS as for run.py, where these are called
"curves"."""
import os
import shutil
import statistics
import sys
from dataclasses import dataclass, field

import measure
import svg
import volumes
from run import bench_dir, chosen, say, setting
from table import seconds

COMMANDS = {
    "tiff2vol | volgamma": 'tiff2vol "$STACK.tif" | volgamma -g 0.5 >/dev/null',
    "voleq": 'voleq "$STACK.nrrd" >/dev/null',
    "volclip": 'volclip "$STACK.nrrd" >/dev/null',
    "vol2png": 'vol2png -w 0,1 -o "$OUT/%04d.png" "$STACK.nrrd"',
}
WINDOWS = {
    "volgauss": 'volgauss --sigma "$REACH" "$STACK.nrrd" >/dev/null',
    "volmedian": 'volmedian --size "1,$((2 * REACH + 1)),$((2 * REACH + 1))" "$STACK.nrrd" >/dev/null',
    "volclahe": 'volclahe --kernel "$((8 * REACH))" "$STACK.nrrd" >/dev/null',
}
COLUMNS = ["curve", "planes", "side", "reach", "program", "wall_s", "cpu_s", "peak_MiB"]


def numbers(name, default):
    return [int(word) for word in setting(name, default).split()]


@dataclass(eq=False)
class Curve:
    name: str
    across: str  # what is on its axis
    stays: str  # what stays the same
    points: list  # (planes, side, reach)
    programs: dict
    at: int  # which number of a point is on the axis
    most_mib: int  # allowed
    power: int = 1  # of that number with which time should grow; of some programs another one
    powers: dict = field(default_factory=dict)

    @property
    def is_logarithmic(self):
        """Numbers that double again and again."""
        return self.name != "planes"


def curves():
    side, depth = int(setting("CURVE_SIDE", "512")), int(setting("CURVE_DEPTH", "4"))
    planes, width = numbers("CURVE_VOLUME", "64 256")
    yield Curve("planes", "planes", f"planes of {side} squared",
                [(n, side, 0) for n in numbers("CURVE_PLANES", "64 128 256 512 1024")], COMMANDS, 0, 16)
    yield Curve("side", "rows and columns of a plane", f"{depth} planes",
                [(depth, n, 0) for n in numbers("CURVE_SIDES", "256 512 1024 2048 4096 8192")],
                COMMANDS, 1, 32, power=2)
    yield Curve("window", "reach of the window, voxels", f"{planes} planes of {width} squared",
                [(planes, width, n) for n in numbers("CURVE_REACHES", "1 2 4 8 16")], WINDOWS, 2, 32,
                powers={"volmedian": 2, "volclahe": 0})


def measured(curve, point, data):
    """Program -> medians of wall, CPU, MiB, in rounds over the programs."""
    planes, side, reach = point
    say(f"curves: {planes} planes of {side} x {side}" + (f", reach {reach}" if reach else ""))
    volumes.stack(data, planes, side)
    seen, work = {"STACK": os.path.join(data, "stack"), "REACH": str(reach)}, os.path.join(data, "work")
    runs = {name: [] for name in curve.programs}
    for _ in range(int(setting("CURVE_ROUNDS", "3"))):
        for name, command in curve.programs.items():
            runs[name].append(measure.measured(command, seen, work))
    shutil.rmtree(work)
    return {name: [statistics.median(getattr(run, what) for run in each)
                   for what in ("wall", "cpu", "mib")] for name, each in runs.items()}


def measure_all(data, file):
    """{curve: {program: [(number on the axis, wall, CPU, MiB)]}}; rows are written as they come."""
    print(*COLUMNS, sep="\t", file=file)
    lines = {}
    for curve in curves():
        lines[curve] = {name: [] for name in curve.programs}
        for point in curve.points:
            for name, (wall, cpu, mib) in measured(curve, point, data).items():
                lines[curve][name].append((point[curve.at], wall, cpu, mib))
                print(curve.name, *point, name, f"{wall:.4f}", f"{cpu:.4f}", f"{mib:.1f}", sep="\t",
                      file=file, flush=True)
    for ending in "tif", "nrrd":
        os.remove(os.path.join(data, "stack." + ending))
    return lines


def axis(curve):
    """Its ticks are what was measured; from 0 on, those that are not too near one another."""
    have = sorted({point[curve.at] for point in curve.points})
    if curve.is_logarithmic:
        return svg.Axis(curve.across, True, have)
    return svg.Axis(curve.across, ticks=[0] + [n for n in have if n * 10 > have[-1]])


def charts(lines):
    """File name -> drawing. Where numbers double, a line through 0 is straight in logarithms."""
    for curve, programs in lines.items():
        def series(what):
            return {name: [(row[0], row[what]) for row in rows] for name, rows in programs.items()}

        time = svg.Axis("wall time, s", curve.is_logarithmic)
        yield f"{curve.name}-wall.svg", svg.chart(f"Wall time, {curve.stays}", axis(curve), time, series(1))
        most = curve.most_mib
        memory = svg.Axis("peak memory of the largest process, MiB", reach=most * 1.1)
        yield f"{curve.name}-memory.svg", svg.chart(
            f"Peak memory, {curve.stays}", axis(curve), memory, series(3),
            (most, f"the most allowed, {most} MiB"))


def line_through(points):
    """Intercept, slope of the line that is relatively nearest to the points (x, y)."""
    weights = [1 / y ** 2 for _, y in points]
    total = sum(weights)
    x_mean = sum(w * x for w, (x, _) in zip(weights, points)) / total
    y_mean = sum(w * y for w, (_, y) in zip(weights, points)) / total
    spread = sum(w * (x - x_mean) ** 2 for w, (x, _) in zip(weights, points))
    slope = sum(w * (x - x_mean) * (y - y_mean) for w, (x, y) in zip(weights, points)) / spread
    return y_mean - slope * x_mean, slope


def straightness(curve, name, rows):
    """What a row of the table says: first and last point, and how far points lie off the line."""
    power = curve.powers.get(name, curve.power)
    points = [(row[0] ** power, row[1]) for row in rows]
    first, slope = line_through(points) if power else (statistics.mean(y for _, y in points), 0)
    off = max(abs(first + slope * x - y) / y for x, y in points)
    kind = ["the same", "a line", "a line in the square"][power]
    program = name.replace("|", r"\|")
    return (f"| {curve.across} ({curve.stays}) | {program} | {rows[0][0]}: {seconds(rows[0][1])} | "
            f"{rows[-1][0]}: {seconds(rows[-1][1])} | {kind}, {off:.0%} | "
            f"{max(row[3] for row in rows):.0f} MiB |")


def table(lines):
    yield "Wall time against one number, medians, and how far a point lies off the line that is nearest to all."
    yield ""
    yield "| against | program | first | last | should be, is off by at most | memory, at most |"
    yield "|---|---|---|---|---|---|"
    for curve, programs in lines.items():
        for name, rows in programs.items():
            yield straightness(curve, name, rows)


def main():
    results, data = sys.argv[1], bench_dir()
    if not chosen("curves", "JOBS"):
        return
    os.makedirs(results, exist_ok=True)
    with open(os.path.join(results, "curves.tsv"), "w") as file:
        lines = measure_all(data, file)
    with open(os.path.join(results, "curves.md"), "w") as file:
        print(*table(lines), sep="\n", file=file)
    for name, drawing in charts(lines):
        with open(os.path.join(results, name), "w") as file:
            file.write(drawing)


if __name__ == "__main__":
    main()
