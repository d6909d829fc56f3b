#!/usr/bin/python3
"""volmatch against scikit-image's match_histograms. Usage: match.py [SEED [ROUNDS]]"""
import os
import random
import sys
import tempfile

import numpy as np
from skimage.exposure import match_histograms
from vol import parse, run, stream

f32 = np.float32


def volume(rng):
    shape = rng.integers(1, 20, 3)
    kind = rng.integers(6)
    if kind == 0:
        v = rng.normal(0.3, 0.1, shape)
    elif kind == 1:
        v = rng.integers(0, 256, shape) * (1 / 255)
    elif kind == 2:
        v = rng.gamma(2, 900, shape).astype(int) * (1 / 65535)
    elif kind == 3:
        v = np.full(shape, rng.normal())
    elif kind == 4:
        v = rng.integers(-2, 3, shape) * rng.choice([0.5, -0.5])
    else:
        v = rng.normal(0, 1, shape) * 10.0 ** rng.integers(-30, 30)
    return v.astype(f32)


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    print("seed", seed)
    rng = np.random.default_rng(seed)
    path = os.path.join(tempfile.mkdtemp(), "reference")
    for _ in range(rounds):
        v, reference = volume(rng), volume(rng)
        with open(path, "wb") as file:
            file.write(stream(reference))
        found = parse(run(["volmatch", "--reference", path], stream(v)))
        expected = match_histograms(v, reference)
        assert (found == expected).all(), (v.shape, reference.shape)
    os.remove(path)
    os.rmdir(os.path.dirname(path))


main()
