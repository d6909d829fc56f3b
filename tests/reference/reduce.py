#!/usr/bin/python3
"""volproject and volbin against numpy in long double. Usage: reduce.py [SEED [ROUNDS]]

Extremes and medians must agree to the bit, means, sums and deviations within 0.51 units in the last
place of the true value."""
import random
import sys
import warnings

import numpy as np
from vol import parse, run, stream

f32, long = np.float32, np.longdouble
KINDS = ["mean", "sum", "max", "min", "sd", "median"]


def volume(rng, channels):
    shape = tuple(rng.integers(1, 13, 3)) + ((channels,) if channels > 1 else ())
    kind = rng.integers(4)
    v = rng.normal(0.3, 1, shape)
    if kind == 1:
        v = rng.integers(0, 256, shape) * (1 / 255)
    elif kind == 2:
        v = 1e4 + rng.normal(0, 0.01, shape)
    if rng.integers(3) == 0:
        v = np.where(rng.random(shape) < rng.choice([0.1, 0.9]), np.nan, v)
    return v.astype(f32)


def blocks(v, factors, partial):
    """Blocks of v[z, y, x, c] as v'[z', y', x', c, values]; NaN where there is none."""
    size = [-(-n // f) if partial else n // f for n, f in zip(v.shape, factors)]
    if 0 in size:
        return None
    wide = np.full([n * f for n, f in zip(size, factors)] + [v.shape[3]], np.nan, f32)
    z, y, x = (min(a, b) for a, b in zip(wide.shape, v.shape[:3]))
    wide[:z, :y, :x] = v[:z, :y, :x]
    (fz, fy, fx), (nz, ny, nx) = factors, size
    split = wide.reshape(nz, fz, ny, fy, nx, fx, v.shape[3])
    return split.transpose(0, 2, 4, 6, 1, 3, 5).reshape(nz, ny, nx, v.shape[3], -1)


def reduced(b, kind):
    none = np.isnan(b).all(-1)
    b = b.astype(long)
    if kind == "sd":
        n = (~np.isnan(b)).sum(-1)
        mean = np.nansum(b, -1) / n
        square = np.nansum((b - mean[..., None]) ** 2, -1) / np.maximum(n - 1, 1)
        return np.where(none, np.nan, np.sqrt(square))
    if kind == "median":
        return np.nanmedian(b, -1)
    function = {"mean": np.nanmean, "sum": np.nansum, "max": np.nanmax, "min": np.nanmin}[kind]
    return np.where(none, np.nan, function(b, -1))


def compare(found, expected, kind, what):
    found = found.reshape(expected.shape)
    both = np.isnan(found) & np.isnan(expected)
    if kind in ("max", "min", "median"):
        assert ((found == expected.astype(f32)) | both).all(), what
        return
    unit = np.spacing(np.abs(expected).astype(f32)).astype(long)
    scale = 1e-12 if kind != "sd" else 1e-9  # of double sums, where the result is near 0
    assert ((np.abs(found - expected) <= 0.51 * unit + scale * np.nanmax(np.abs(expected) + 1)) | both).all(), what


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    print("seed", seed)
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        channels = int(rng.choice([1, 1, 3]))
        v = volume(rng, channels)
        data = stream(v, "vector")
        v = v.reshape(*v.shape[:3], channels)
        kind = str(rng.choice(KINDS))
        axis = int(rng.integers(3))
        factors = [1, 1, 1]
        factors[axis] = v.shape[axis]
        words = ["volproject", "--axis", ["plane", "row", "column"][axis], f"--{kind}"]
        if rng.integers(2):
            factors[axis] = int(rng.integers(1, v.shape[axis] + 1))
            words += ["--every", factors[axis]]
        compare(parse(run(words, data)), reduced(blocks(v, factors, False), kind), kind, (words, v.shape))
        factors = [int(f) for f in rng.integers(1, 6, 3)]
        partial = bool(rng.integers(2))
        b = blocks(v, factors, partial)
        words = ["volbin", "--factors", ",".join(map(str, factors)), "--by", kind] + ["--partial"] * partial
        if b is not None:
            compare(parse(run(words, data)), reduced(b, kind), kind, (words, v.shape))


main()
