#!/usr/bin/python3
"""The table of results.tsv in Markdown.

table.py RESULTS.TSV...              prints it; a row in a later file replaces that in an earlier one
table.py --into FILE RESULTS.TSV [CURVES.MD]
                                     puts it, without goals, between the two marks in FILE instead, and
                                     behind it what curves.py wrote"""
import sys

from jobs import JOBS, NOTES, PROGRAMS

MARKS = "<!-- make bench-results -->", "<!-- end -->"


class Results:
    def __init__(self, paths):
        self.facts, self.rows = [], {}
        for path in paths:
            with open(path) as file:
                self.read(file.read().splitlines())

    def read(self, lines):
        self.facts = [line[2:] for line in lines if line.startswith("# ")]
        names, *rows = [line.split("\t") for line in lines if not line.startswith("#")]
        for row in rows:
            row = dict(zip(names, row))
            self.rows[row["size"], row["job"], row["contender"]] = {
                "wall": float(row["wall_s"]), "cpu": float(row["cpu_s"]), "runs": int(row["runs"]),
                "MiB": float(row["peak_MiB"]), "bytes": float(row["out_bytes"])}

    def of(self, size, job):
        return {key[2]: row for key, row in self.rows.items() if key[:2] == (size, job)}

    def sizes(self):
        return list(dict.fromkeys(key[0] for key in self.rows))

    def rounds(self, size):
        return max(row["runs"] for key, row in self.rows.items() if key[0] == size)

    def contenders(self, size):
        """vol stands first."""
        have = {key[2] for key in self.rows if key[0] == size}
        return [name for name in PROGRAMS if name in have]


def seconds(s):
    return f"{s * 1000:.1f} ms" if s < 0.1 else f"{s:.2f} s" if s < 10 else f"{s:.1f} s"


def cell(name, rows, rounds):
    if name not in rows:
        return ""
    row = rows[name]
    wall = ("~" if row["runs"] < rounds else "") + seconds(row["wall"])
    if name == "vol":
        return f"{wall}, CPU {seconds(row['cpu'])}, {row['MiB']:.0f} MiB"
    times = f" ({row['wall'] / rows['vol']['wall']:.2g}x)" if "vol" in rows else ""
    if row["wall"] >= 99.5 * rows.get("vol", row)["wall"]:
        times = f" ({row['wall'] / rows['vol']['wall']:.0f}x)"
    return f"{wall}{times}, {row['MiB']:.0f} MiB"


def goal_text(goal, rows):
    """What was aimed at, what came out, and whether that is enough. Nothing where one is missing."""
    others = {name: row for name, row in rows.items() if name not in ("vol", "cat", "call")}
    best = min(others, key=lambda name: others[name][goal.what], default=None)
    other = best if goal.other == "best" else goal.other
    if "vol" not in rows or (goal.other and other not in rows):
        return None
    have = rows["vol"][goal.what] / (rows[other][goal.what] if other else 1)
    met = "met" if have <= goal.limit else "not met"
    unit = "" if goal.what == "wall" else goal.what + " "
    if other == "call":
        other = f"numpy's call ({seconds(rows['call']['wall'])})"
    of = f" of {other}" if other else ""
    return f"{unit}<= {goal.limit:g}{of}: {have:.3g}, {met}"


def line(cells):
    return "| " + " | ".join(cells) + " |"


def goals_text(job, size, rows):
    return "; ".join(filter(None, (goal_text(goal, rows) for goal in job.goals.get(size, []))))


def table(results, size, with_goals):
    names = results.contenders(size)
    rounds = results.rounds(size)
    heads = ["", *names, *(["goal"] if with_goals else [])]
    yield line(heads)
    yield "|" + "---|" * len(heads)
    for job in JOBS:
        rows = results.of(size, job.name)
        if rows:
            goals = [goals_text(job, size, rows)] if with_goals else []
            yield line([job.title, *(cell(name, rows, rounds) for name in names), *goals])


def text(results, with_goals=True):
    from volumes import SIZES
    date, machine, versions = results.facts
    yield f"Measured {date} on {machine}: {versions}."
    yield ""
    yield ("Medians, contenders in turn: wall time (times ours), peak memory of the "
           "largest process (3 MiB is the shell's). ~: fewer runs, because one takes so long. cat stands "
           "in our programs' place and copies. scikit-image computes in float32. Differences: "
           + "; ".join(f"{name} {note}" for name, note in NOTES.items()
                       if any(key[2] == name for key in results.rows)) + ".")
    for size in results.sizes():
        yield ""
        yield "%s: %d x %d x %d, rounds: %d" % (size, *SIZES[size], results.rounds(size))
        yield ""
        yield from table(results, size, with_goals)


def put_into(path, lines):
    """Replaces what stands between the marks."""
    with open(path) as file:
        before, rest = file.read().split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    with open(path, "w") as file:
        file.write(before + MARKS[0] + "\n" + "\n".join(lines) + "\n" + MARKS[1] + after)


def main():
    if sys.argv[1] == "--into":
        lines = list(text(Results(sys.argv[3:4]), with_goals=False))
        for path in sys.argv[4:]:
            with open(path) as file:
                lines += ["", *file.read().splitlines()]
        put_into(sys.argv[2], lines)
    else:
        print(*text(Results(sys.argv[1:])), sep="\n")


if __name__ == "__main__":
    main()
