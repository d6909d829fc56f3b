#!/usr/bin/python3
"""volclahe against scikit-image's equalize_adapthist. Usage: clahe.py [SEED [ROUNDS]]"""
import random
import sys

import numpy as np
from skimage.exposure import equalize_adapthist
from skimage.exposure._adapthist import _clahe
from vol import parse, run, stream

f32 = np.float32
MAX = 16383


def volume(rng, most):
    shape = rng.integers(1, most, 3)
    if shape[2] in (3, 4):  # scikit-image takes it for colour
        shape[2] += 2
    kind = rng.integers(7)
    v = rng.random(shape)
    if kind == 1:
        v = rng.integers(0, 256, shape) * (1 / 255)
    elif kind == 2:
        v = rng.integers(0, 65536, shape) * (1 / 65535)
    elif kind == 3:
        v = np.full(shape, rng.random())
    elif kind == 4:
        v = v * 2 - 1
    elif kind == 5:
        v = v ** 8
    elif kind == 6:
        v = rng.integers(0, 2, shape) * 0.5
    return v.astype(f32)


def options(rng, shape):
    kernel = [int(rng.integers(1, 2 * n + 3)) for n in shape]
    clip = float(rng.choice([0, 0.002, 0.01, 0.03, 0.5, 1]))
    bins = int(rng.choice([7, 100, 128, 200, 256, 256, 300, 1000]))
    return kernel, clip, bins


def check(rng):
    v = volume(rng, int(rng.choice([8, 25])))
    kernel, clip, bins = options(rng, v.shape)
    words = ["volclahe", "--clip-limit", repr(clip), "-b", str(bins)]
    if rng.integers(4) == 0:
        kernel = None
    else:
        words += ["--kernel", ",".join(map(str, kernel))]
    found = parse(run(words, stream(v)))
    expected = equalize_adapthist(v, kernel, clip, bins)
    assert (found == expected.astype(f32)).all(), (v.shape, kernel, clip, bins, v.dtype, expected.dtype)


def check_range(rng):
    v = volume(rng, 20)
    kernel, clip, bins = options(rng, v.shape)
    low, high = sorted(float(round(x, 3)) for x in rng.uniform(-0.5, 1.5, 2))
    if low == high:
        high += 1
    levels = np.rint(np.clip((v.astype(float) - low) / (high - low), 0, 1) * MAX).astype(np.uint16)
    limit = clip
    found = parse(run(["volclahe", "--kernel", ",".join(map(str, kernel)), "--clip-limit", repr(clip), "-b", str(bins),
                       "--range", f"{low!r},{high!r}"], stream(v)))
    expected = _clahe(levels, kernel, limit, bins).astype(f32) / f32(MAX)
    assert (found == expected).all(), (v.shape, kernel, clip, bins, low, high)


def check_channels(rng):
    v = rng.random((*rng.integers(5, 20, 3), 3)).astype(f32)
    words = ["volclahe", "--kernel", "3,4,5", "--range", "0,1"]
    found = parse(run(words, stream(v, "vector")))
    for c in range(3):
        alone = parse(run(words, stream(np.ascontiguousarray(v[..., c]))))
        assert (found[..., c] == alone).all()


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 150
    print("seed", seed)
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        check(rng)
    for _ in range(rounds // 3):
        check_range(rng)
    for _ in range(3):
        check_channels(rng)


main()
