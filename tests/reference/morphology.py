#!/usr/bin/python3
"""volmorph against scipy.ndimage and scikit-image on random small volumes: morphology.py [ROUNDS [SEED]]

Values are compared, not the sign of zero. A plain minimum of each window stands in for scipy where that
is undefined, with NaN (they are larger than all else)."""
import random
import sys

import numpy as np
import scipy.ndimage as ndi
from skimage import morphology

from vol import parse, run, stream

f32 = np.float32
cases = 0
SKIMAGE = {"erode": morphology.erosion, "dilate": morphology.dilation, "open": morphology.opening,
           "close": morphology.closing, "tophat": morphology.white_tophat, "bottomhat": morphology.black_tophat}
SCIPY = {"erode": ndi.grey_erosion, "dilate": ndi.grey_dilation, "open": ndi.grey_opening,
         "close": ndi.grey_closing, "tophat": ndi.white_tophat, "bottomhat": ndi.black_tophat}
BINARY = {"erode": morphology.binary_erosion, "dilate": morphology.binary_dilation,
          "open": morphology.binary_opening, "close": morphology.binary_closing}


def made(what, options, data, shape):
    return parse(run(["volmorph", f"--{what}", *options], data)).reshape(shape)


def check(what, options, data, expected, note):
    global cases
    out = made(what, options, data, expected.shape)
    assert np.array_equal(out, expected, equal_nan=True), (what, options, note, np.argwhere(out != expected)[:5])
    cases += 1


def triple(values):
    return ",".join(map(str, values))


def samples(random_, shape):
    rng = np.random.default_rng(random_.getrandbits(32))
    v = random_.choice([lambda: rng.normal(0, 1, shape), lambda: rng.integers(0, 4, shape) / 3,
                        lambda: rng.choice([-1e30, -1, -0., 0, 1e-40, 1, 1e30], shape)])()
    return v.astype(f32)


def shape_of(random_, channels=()):
    return (random_.randint(1, 8), random_.randint(1, 9), random_.randint(1, random_.choice([9, 9, 90])), *channels)


def footprint_of(random_):
    """Options, and the window as ones."""
    kind = random_.randrange(4)
    if kind == 0:
        n = random_.randrange(1, 12, 2)
        return ["--size", n], np.ones((n,) * 3, np.uint8)
    if kind == 1:
        size = [random_.choice([1, 3, 5, 7, 9, 11, 25]) for _ in range(3)]
        return ["--size", triple(size)], np.ones(size, np.uint8)
    if kind == 2:
        r = random_.randint(0, 5)
        return ["--size", 2 * r + 1, "--shape", "ball"], morphology.ball(r)
    size = [random_.choice([1, 3, 5, 9, 11]) for _ in range(3)]
    grid = np.mgrid[tuple(slice(-(n // 2), n // 2 + 1) for n in size)]
    inside = sum((d / max(n // 2, 1)) ** 2 for d, n in zip(grid, size)) <= 1 + 1e-9
    return ["--size", triple(size), "--shape", "ball"], inside.astype(np.uint8)


def plain(what, v, inside):
    """The definition: what lies beyond the volume does not count. scipy 1.10 is wrong where a window is many
    times larger than an axis of even length."""
    def extreme(x, of, beyond):
        padded = np.pad(x, [(n // 2, n // 2) for n in inside.shape], constant_values=beyond)
        return of(np.lib.stride_tricks.sliding_window_view(padded, inside.shape)[..., inside], axis=-1)

    def erode(x):
        return extreme(x, np.min, np.inf)

    def dilate(x):
        return extreme(x, np.max, -np.inf)
    return {"erode": lambda: erode(v), "dilate": lambda: dilate(v), "open": lambda: dilate(erode(v)),
            "close": lambda: erode(dilate(v)), "tophat": lambda: v - dilate(erode(v)),
            "bottomhat": lambda: erode(dilate(v)) - v}[what]()


def skimage(what, v, footprint):
    wide = any(n > 4 * m for n, m in zip(footprint.shape, v.shape))
    return plain(what, v, footprint.astype(bool)) if wide else SKIMAGE[what](v, footprint)


def check_gray(random_):
    v = samples(random_, shape_of(random_))
    options, footprint = footprint_of(random_)
    data = stream(v)
    for what in SKIMAGE:
        check(what, options, data, skimage(what, v, footprint), v.shape)
        mode = random_.choice(["reflect", "nearest", "mirror"])
        small = all(n <= 2 * m for n, m in zip(footprint.shape, v.shape))  # scipy 1.10 mirrors wrongly beyond
        check(what, options, data, SCIPY[what](v, footprint=footprint, mode=mode if small else "nearest"), v.shape)


def check_mask(random_):
    mask = np.random.default_rng(random_.getrandbits(32)).random(shape_of(random_)) < random_.choice([.1, .5, .9])
    options, footprint = footprint_of(random_)
    for what, function in BINARY.items():
        # scikit-image's masks are eroded and dilated alone at the edges: nothing lies beyond
        check(what, options, stream(mask.astype(f32)), function(mask, footprint).astype(f32), mask.shape)


def check_large_ball(random_):
    """Of a volume that says it is a mask: by distances."""
    if random_.random() < 0.6:  # the reference takes long
        return
    shape = (random_.randint(8, 12), random_.randint(20, 25), random_.randint(1, 12))
    mask = np.random.default_rng(random_.getrandbits(32)).random(shape)
    size = [random_.choice([1, 15, 31, 37]), 41, random_.choice([1, 13, 41])] if random_.random() < 0.5 else [39] * 3
    grid = np.mgrid[tuple(slice(-(n // 2), n // 2 + 1) for n in size)]
    footprint = sum((d / max(n // 2, 1)) ** 2 for d, n in zip(grid, size)) <= 1 + 1e-9
    for what, most in ("erode", 0.9995), ("dilate", 0.0005), ("open", 0.9995), ("close", 0.0005):
        v = mask < random_.choice([most, 0.5, 2, -1])
        data = stream(v.astype(f32), mask=1)
        check(what, ["--size", triple(size), "--shape", "ball"], data, BINARY[what](v, footprint).astype(f32), shape)


def check_world(random_):
    v = samples(random_, shape_of(random_))
    spacing = random_.choice([(0.29, 0.26, 0.26), (1, 0.5, 0.25), (0.3, 0.1, 0.1), (5, 1, 1)])
    size = random_.choice([(0.6,) * 3, (1,) * 3, (2.1,) * 3, (0.2,) * 3, (1.2, 0.6, 0.6)])
    shape = random_.choice(["box", "ball"])
    reach = [int(w / 2 / s * (1 + 1e-9)) for w, s in zip(size, spacing)]
    grid = np.mgrid[tuple(slice(-r, r + 1) for r in reach)]
    inside = np.ones(grid.shape[1:], bool)
    if shape == "ball":
        inside = sum((d * s / (w / 2)) ** 2 for d, s, w in zip(grid, spacing, size)) <= 1 + 1e-9
    for what in SKIMAGE:
        check(what, ["--size", triple(size) + "um", "--shape", shape], stream(v, spacing=spacing, unit="um"),
              skimage(what, v, inside.astype(np.uint8)), (v.shape, spacing))


def check_channels(random_):
    channels = random_.choice([1, 2, 3, 5, 40])
    v = samples(random_, shape_of(random_, (channels,)))
    options, footprint = footprint_of(random_)
    for what in "erode", "close", "tophat":
        expected = np.stack([SKIMAGE[what](v[..., c], footprint) for c in range(channels)], -1)
        check(what, options, stream(v, "vector"), expected, v.shape)


def check_even(random_):
    """Boxes of an even size begin n / 2 before the sample, as scipy's minimum_filter's do."""
    v = samples(random_, shape_of(random_))
    size = [random_.randint(1, 6) for _ in range(3)]
    if all(n <= 2 * m for n, m in zip(size, v.shape)):
        check("erode", ["--size", triple(size)], stream(v), ndi.minimum_filter(v, size), v.shape)
        check("dilate", ["--size", triple(size)], stream(v), ndi.maximum_filter(v, size), v.shape)


def check_nan(random_):
    v = samples(random_, shape_of(random_))
    rng = np.random.default_rng(random_.getrandbits(32))
    v[rng.random(v.shape) < random_.choice([0.05, 0.5, 0.9])] = np.nan
    options, footprint = footprint_of(random_)
    high = np.where(np.isnan(v), np.inf, v)
    for what, limit in ("erode", ndi.grey_erosion), ("dilate", ndi.grey_dilation):
        expected = limit(high, footprint=footprint, mode="nearest")
        expected[np.isposinf(expected)] = np.nan
        check(what, options, stream(v), expected, v.shape)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.getrandbits(32)
    print("seed", seed, flush=True)
    random_ = random.Random(seed)
    for _ in range(rounds):
        for test in check_gray, check_mask, check_large_ball, check_world, check_channels, check_even, check_nan:
            test(random_)
    print(cases, "cases")


main()
