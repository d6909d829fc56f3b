"""A line chart as SVG: axes from 0 or logarithmic, ticks, a legend at the lines' ends."""
import math
from dataclasses import dataclass, field

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 180, 44, 56
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#444444"]


@dataclass
class Axis:
    label: str
    logarithmic: bool = False
    ticks: list = field(default_factory=list)  # default: round numbers
    reach: float = 0  # the axis goes at least so far

    def fit(self, values):
        """Chooses ticks and ends for the values."""
        low, high = min(values), max([*values, self.reach])
        if not self.ticks:
            self.ticks = powers(low, high) if self.logarithmic else round_steps(high)
        self.low = min(low, self.ticks[0]) if self.logarithmic else 0
        self.high = max(high, self.ticks[-1])

    def at(self, value):
        """0..1 along the axis."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return value / self.high


def powers(low, high):
    """1, 10, 100, ... around both."""
    return [10.0 ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def round_steps(high):
    """0 and about five multiples of 1, 2 or 5 times a power of ten."""
    rough = high / 5
    unit = 10 ** math.floor(math.log10(rough))
    step = next(m * unit for m in (1, 2, 5, 10) if m * unit >= rough)
    return [step * i for i in range(math.ceil(high / step) + 1)]


def x_of(axis, value):
    return LEFT + axis.at(value) * (WIDTH - LEFT - RIGHT)


def y_of(axis, value):
    return HEIGHT - BOTTOM - axis.at(value) * (HEIGHT - TOP - BOTTOM)


def words(x, y, text, **attributes):
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}"{extra}>{text}</text>'


def stroke(x1, y1, x2, y2, colour, **attributes):
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}"{extra}/>'


def frame(x, y):
    """Ticks, grid and labels."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for tick in x.ticks:
        at = x_of(x, tick)
        yield stroke(at, TOP, at, bottom, "#e4e4e4")
        yield words(at, bottom + 18, f"{tick:g}", text_anchor="middle")
    for tick in y.ticks:
        at = y_of(y, tick)
        yield stroke(LEFT, at, right, at, "#e4e4e4")
        yield words(LEFT - 8, at + 4, f"{tick:g}", text_anchor="end")
    yield stroke(LEFT, bottom, right, bottom, "#222")
    yield stroke(LEFT, TOP, LEFT, bottom, "#222")
    yield words((LEFT + right) / 2, HEIGHT - 12, x.label, text_anchor="middle")
    middle = (TOP + bottom) / 2
    yield words(18, middle, y.label, text_anchor="middle", transform=f"rotate(-90 18 {middle})")


def curve(points, x, y, colour):
    places = [(x_of(x, a), y_of(y, b)) for a, b in points]
    path = "L".join(f"{a:.1f} {b:.1f}" for a, b in places)
    yield f'<path d="M{path}" stroke="{colour}" stroke-width="2" fill="none"/>'
    for a, b in places:
        yield f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{colour}"/>'


def apart(places, gap=17):
    """The same heights, moved so that no two words stand on each other and all stay in the frame."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved, last = list(places), -math.inf
    for i in order:
        moved[i] = last = max(places[i], last + gap)
    over = max(0, last - (HEIGHT - BOTTOM))
    return [place - over for place in moved]


def legend(series, y):
    ends = [y_of(y, points[-1][1]) for points in series.values()]
    right = WIDTH - RIGHT
    for name, end, place, colour in zip(series, ends, apart(ends), COLOURS):
        yield stroke(right + 4, end, right + 16, place, colour)
        yield words(right + 20, place + 4, name, fill=colour)


def chart(title, x, y, series, limit=None):
    """series: name -> [(x, y)], in the order of x; limit: (y, words), a broken line."""
    x.fit([a for points in series.values() for a, _ in points])
    y.fit([b for points in series.values() for _, b in points])
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
             f'height="{HEIGHT}" font-family="sans-serif" font-size="13" fill="#222">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
             words(LEFT, 24, title, font_size=15, font_weight="bold"), *frame(x, y)]
    if limit:
        at = y_of(y, limit[0])
        parts += [stroke(LEFT, at, WIDTH - RIGHT, at, "#888", stroke_dasharray="5 4"),
                  words(LEFT + 6, at - 5, limit[1], fill="#666")]
    for points, colour in zip(series.values(), COLOURS):
        parts += curve(points, x, y, colour)
    return "\n".join([*parts, *legend(series, y), "</svg>", ""])
