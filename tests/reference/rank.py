#!/usr/bin/python3
"""volmedian against scipy.ndimage and scikit-image on random small volumes: rank.py [ROUNDS [SEED]]

Values are compared, not the sign of zero. A plain sort of each window stands in for scipy where it
is undefined, with NaN (they come last), and where it is wrong: scipy 1.10 mirrors axes of an even
length wrongly when the window is many times larger."""
import itertools
import random
import sys

import numpy as np
import scipy.ndimage as ndi
from skimage import filters, morphology

from vol import parse, run, stream

f32 = np.float32
cases = 0


def check(options, data, expected, what):
    global cases
    made = parse(run(["volmedian", *options], data)).reshape(expected.shape)
    assert np.array_equal(made, expected, equal_nan=True), (options, what, np.argwhere(made != expected)[:5])
    cases += 1


def samples(random_, shape):
    """Continuous or tied values, with infinities, two values or one, from 8 or 16 bits."""
    rng = np.random.default_rng(random_.getrandbits(32))
    kind = random_.randrange(8)
    if kind == 0:
        v = rng.normal(0, 1, shape)
    elif kind == 1:
        v = np.exp(rng.normal(0, 20, shape))
    elif kind == 2:
        v = rng.integers(-3, 4, shape)
    elif kind == 3:
        v = rng.choice([-1, 2], shape)
    elif kind == 4:
        v = np.full(shape, rng.normal())
    elif kind == 5:
        v = rng.integers(0, 256, shape) / 255
    elif kind == 6:
        v = rng.integers(0, 65536, shape) / 65535
    else:
        v = rng.choice([-np.inf, -1, -0.5, 0, 1e-40, 1, np.inf], shape)
    return v.astype(f32)


def triple(values):
    return ",".join(map(str, values))


def plain(v, size, q, mode):
    """Sorts every window."""
    n = np.prod(size)
    padded = np.pad(v, [(s // 2, s - 1 - s // 2) for s in size], {"nearest": "edge", "reflect": "symmetric"}[mode])
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)
    return np.sort(windows.reshape(*v.shape, n), axis=-1)[..., n - 1 if q == 100 else int(n * q / 100)]


def percentile_filter(v, size, q, mode):
    if any(s > 4 * n for s, n in zip(size, v.shape)):
        return plain(v, size, q, mode)
    return ndi.percentile_filter(v, q, size, mode=mode)


def check_box(random_):
    long = random_.choice([6, 6, 70])
    v = samples(random_, (random_.randint(1, 6), random_.randint(1, 6), random_.randint(1, long)))
    size = random_.choice([(3, 3, 3), tuple(random_.randint(1, 5) for _ in range(3)),
                           tuple(random_.randint(1, 9) for _ in range(3)), (1, 1, random_.randint(1, 29))])
    mode = random_.choice(["nearest", "reflect"])
    options = ["--size", triple(size), "--edge", mode]
    data = stream(v)
    q = random_.choice([0, 100, 25, random_.uniform(0, 100)])
    check([*options, "--rank", repr(q)], data, percentile_filter(v, size, q, mode), v.shape)
    check(options, data, percentile_filter(v, size, 50, mode), v.shape)
    if all(s <= 4 * n for s, n in zip(size, v.shape)):
        check(options, data, ndi.median_filter(v, size, mode=mode), v.shape)
        check([*options, "--rank", 0], data, ndi.minimum_filter(v, size, mode=mode), v.shape)
        check([*options, "--rank", 100], data, ndi.maximum_filter(v, size, mode=mode), v.shape)


def check_skimage(random_):
    v = samples(random_, (random_.randint(1, 5), random_.randint(1, 7), random_.randint(1, 70)))
    check([], stream(v), filters.median(v), v.shape)


def check_ball(random_):
    v = samples(random_, (random_.randint(1, 6), random_.randint(1, 6), random_.randint(1, 40)))
    r = random_.randint(0, 4)
    check(["--size", 2 * r + 1, "--shape", "ball"], stream(v),
          filters.median(v, morphology.ball(r)), (v.shape, r))


def world_footprint(shape, window, spacing):
    reach = [int(w / 2 / s * (1 + 1e-9)) for w, s in zip(window, spacing)]
    grid = np.mgrid[tuple(slice(-r, r + 1) for r in reach)]
    if shape == "box":
        return np.ones(grid.shape[1:], bool)
    return sum((d * s / (w / 2)) ** 2 for d, s, w in zip(grid, spacing, window)) <= 1 + 1e-9


def check_world(random_):
    v = samples(random_, (random_.randint(1, 6), random_.randint(1, 6), random_.randint(1, 40)))
    spacing = random_.choice([(0.29, 0.26, 0.26), (1, 0.5, 0.25), (0.3, 0.1, 0.1)])
    window = random_.choice([(0.6,) * 3, (1,) * 3, (0.9,) * 3, (0.2,) * 3, (1.2, 0.6, 0.6)])
    shape = random_.choice(["box", "ball"])
    footprint = world_footprint(shape, window, spacing)
    mode = random_.choice(["nearest", "reflect"])
    check(["--size", triple(window) + "um", "--shape", shape, "--edge", mode],
          stream(v, spacing=spacing, unit="um"),
          ndi.median_filter(v, footprint=footprint, mode=mode), (v.shape, spacing))


def check_channels(random_):
    channels = random_.choice([1, 2, 3, 5, 40])
    v = samples(random_, (random_.randint(1, 4), random_.randint(1, 4), random_.randint(1, 40), channels))
    size = random_.choice([(3, 3, 3), (1, 3, 3), (2, 1, 5)])
    expected = np.stack([ndi.median_filter(v[..., c], size, mode="nearest") for c in range(channels)], -1)
    check(["--size", triple(size)], stream(v, "vector"), expected, v.shape)


def check_nan(random_):
    v = samples(random_, (random_.randint(1, 4), random_.randint(1, 5), random_.randint(1, 20)))
    rng = np.random.default_rng(random_.getrandbits(32))
    v[rng.random(v.shape) < random_.choice([0.05, 0.5, 0.9])] = np.nan
    bits = v.view(np.uint32)
    negative = np.isnan(v) & (rng.random(v.shape) < 0.5)
    bits[negative] = 0xffc12345
    size = random_.choice([(3, 3, 3), (1, 3, 2), (7, 7, 7)])
    q = random_.choice([0, 50, 80, 100])
    check(["--size", triple(size), "--rank", q], stream(v), plain(v, size, q, "nearest"), v.shape)


def check_widths():
    """Rows of every length around the vectors' widths."""
    rng = np.random.default_rng(1)
    for n, size in itertools.product(range(1, 71), [(3, 3, 3), (3, 1, 3), (7, 7, 7)]):
        v = rng.normal(0, 1, (2, 3, n)).astype(f32)
        check(["--size", triple(size)], stream(v), ndi.median_filter(v, size, mode="nearest"), v.shape)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.getrandbits(32)
    print("seed", seed, flush=True)
    random_ = random.Random(seed)
    for _ in range(rounds):
        for test in check_box, check_skimage, check_ball, check_world, check_channels, check_nan:
            test(random_)
    check_widths()
    print(cases, "cases")


main()
