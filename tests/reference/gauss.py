#!/usr/bin/python3
"""volgauss against scipy and scikit-image. Usage: gauss.py [SEED [ROUNDS]]

Floats may differ in their last place, because numpy's exp may differ from ours in that of a double."""
import random
import sys

import numpy as np
from scipy import ndimage
from skimage.filters import gaussian
from vol import parse, run, stream

f32 = np.float32


def volume(rng):
    shape = rng.integers(1, 40, 3)
    v = rng.normal(0.3, 1, shape)
    kind = rng.integers(5)
    if kind == 1:
        v = rng.integers(0, 256, shape) * (1 / 255)
    elif kind == 2:
        v = rng.integers(0, 65536, shape) * (1 / 65535)
    elif kind == 3:
        v = np.full(shape, rng.normal())
    elif kind == 4:
        v = v * 10.0 ** rng.integers(-30, 30, shape)
    return v.astype(f32)


def close(a, b):
    """Equal, or neighbouring floats."""
    return ((a == b) | (np.nextafter(a, b, dtype=f32) == b) | (np.isnan(a) & np.isnan(b))).all()


def check(rng):
    v = volume(rng)
    sigma = [float(rng.choice([0, 0.1, 0.3, 0.7, 1, 2, 2.5, 6, rng.uniform(0, 9)])) for _ in range(3)]
    if max(sigma) == 0:
        sigma[2] = 1.
    mode = str(rng.choice(["nearest", "reflect"]))
    truncate = float(rng.choice([4, 4, 1, 2.7, 6]))
    found = parse(run(["volgauss", "--sigma", ",".join(map(repr, sigma)), "--edge", mode,
                       "--truncate", repr(truncate)], stream(v)))
    expected = ndimage.gaussian_filter(v, sigma, mode=mode, truncate=truncate)
    assert close(found, expected), (v.shape, sigma, mode, truncate)
    return (found != expected).sum()


def check_bands(rng):
    """Rows of a plane in bands that are smaller than the window reaches, after a pass along planes and from a pipe."""
    v = rng.random((2, int(rng.integers(600, 800)), 2000)).astype(f32)
    sigma = [float(rng.choice([0, 0.5])), float(rng.integers(50, 64)), float(rng.choice([0, 60]))]
    mode = str(rng.choice(["nearest", "reflect"]))
    found = parse(run(["volgauss", "--sigma", ",".join(map(repr, sigma)), "--edge", mode], stream(v)))
    assert close(found, ndimage.gaussian_filter(v, sigma, mode=mode)), (v.shape, sigma, mode)


def check_skimage(rng):
    v = volume(rng)
    v = v if v.shape[2] not in (3, 4) else v.transpose(2, 0, 1).copy()
    v = v if v.shape[2] not in (3, 4) else np.pad(v, ((0, 0), (0, 0), (0, 4)))
    found = parse(run(["volgauss", "--sigma", "2"], stream(v)))
    assert close(found, gaussian(v, 2, preserve_range=True)), v.shape


def check_channels(rng):
    v = rng.normal(size=(*rng.integers(1, 20, 3), 3)).astype(f32)
    found = parse(run(["volgauss", "--sigma", "1.5,1,2"], stream(v, "vector")))
    for c in range(3):
        assert close(found[..., c], ndimage.gaussian_filter(v[..., c], (1.5, 1, 2), mode="nearest"))


def check_not_finite(rng):
    v = rng.normal(size=rng.integers(8, 20, 3)).astype(f32)
    v[tuple(rng.integers(0, v.shape))] = rng.choice([np.nan, np.inf, -np.inf])
    found = parse(run(["volgauss", "--sigma", "1"], stream(v)))
    assert close(found, ndimage.gaussian_filter(v, 1, mode="nearest"))


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(10**6)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    print("seed", seed)
    rng = np.random.default_rng(seed)
    differ = sum(check(rng) for _ in range(rounds))
    for _ in range(rounds // 50):
        check_bands(rng)
    for _ in range(rounds // 10):
        check_skimage(rng)
        check_channels(rng)
        check_not_finite(rng)
    print(differ, "floats differ in the last place")


main()
