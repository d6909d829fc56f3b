#!/usr/bin/python3
"""Wall times of vol and scikit-image as bars, from the table in RESULTS.md.

chart.py RESULTS.md SIZE >CHART.svg"""
import re
import sys
from xml.sax.saxutils import escape

SHOWN = ["TIFF to raw floats", "gamma 0.5 in a pipe", "equalize", "clip at percentiles", "histogram, 256 bins",
         "a mask by Otsu's threshold", "maximum along planes in a pipe", "bins of 2x2x2 in a pipe",
         "a PNG of every plane", "montage of 5x6 planes", "three views",
         "TIFF, gamma, equalize, clip, a PNG of every plane"]
WIDTH, LEFT, RIGHT, TOP, ROW = 760, 320, 90, 58, 34
OURS, THEIRS = "#0072b2", "#d55e00"


def seconds(cell):
    """Of a cell such as "~17.7 s (48x), 5162 MiB"; None where it is empty."""
    found = re.match(r"~?([\d.]+) (ms|s)", cell)
    return float(found[1]) * (0.001 if found[2] == "ms" else 1) if found else None


def times(cell):
    """How many times ours, as the table has it from numbers that are not rounded."""
    return float(re.search(r"\(([\d.]+)x\)", cell)[1])


def table(lines, size):
    """Rows of (job, vol's seconds, scikit-image's, how many times ours) and the line that names the size."""
    title, names, rows, inside = "", [], [], False
    for line in lines:
        if re.match(r"\w+: \d+ x \d+ x \d+", line):
            inside = line.startswith(size + ":")
            title = line if inside else title
            names = []
        elif inside and line.startswith("|") and not line.startswith("|---"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not names:
                names = cells
                continue
            row = dict(zip(names, cells))
            both = seconds(row["vol"]), seconds(row["scikit-image"])
            if None not in both and cells[0] in SHOWN:
                rows.append((cells[0], *both, times(row["scikit-image"])))
    return title.split(",")[0], rows


def text(x, y, words, anchor="start", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def told(s):
    return f"{s:.2g} s" if s < 10 else f"{s:.0f} s"


def chart(title, rows):
    height = TOP + ROW * len(rows) + 12
    longest = max(theirs for _, _, theirs, _ in rows)
    length = lambda s: s / longest * (WIDTH - LEFT - RIGHT)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
           f'height="{height}" font-family="Helvetica, Arial, sans-serif" font-size="13">')
    yield f'<title>{escape(title)}: wall times of vol and scikit-image</title>'
    yield f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
    yield text(LEFT, 22, f"Wall time, {title.split(': ')[1]}", more=' font-weight="bold"')
    for x, colour, name in (LEFT, OURS, "vol"), (LEFT + 70, THEIRS, "scikit-image"):
        yield f'<rect x="{x}" y="33" width="12" height="12" fill="{colour}"/>' + text(x + 18, 44, name)
    for i, (job, ours, theirs, ratio) in enumerate(rows):
        y = TOP + i * ROW
        yield text(LEFT - 10, y + 18, job, "end")
        for top, colour, s, more in (y + 3, OURS, ours, ""), (y + 15, THEIRS, theirs, f", {ratio:.0f}x"):
            yield f'<rect x="{LEFT}" y="{top}" width="{max(1, length(s)):.1f}" height="11" fill="{colour}"/>'
            yield text(LEFT + length(s) + 5, top + 10, told(s) + more, more=' font-size="11"')
    yield "</svg>"


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print("\n".join(chart(*table(file.read().splitlines(), sys.argv[2]))))
