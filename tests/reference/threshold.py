#!/usr/bin/python3
"""volthreshold against scikit-image's threshold_*. Usage: threshold.py [SEED [ROUNDS]]

The methods of a histogram must agree to the bit. Means are summed in another precision there, so
that mean and li may differ by a few millionths of the range."""
import random
import sys
import warnings

import numpy as np
from skimage import filters
from vol import attempt, parse, run, stream

f32 = np.float32
HISTOGRAM = ["otsu", "yen", "isodata", "triangle", "minimum"]


def volume(rng):
    shape = rng.integers(2, 20, 3) + 5
    kind = rng.integers(6)
    if kind == 0:
        v = rng.normal(0.3, 0.1, shape)
    elif kind == 1:
        v = np.where(rng.random(shape) < rng.random(), rng.normal(0.2, 0.05, shape), rng.normal(0.7, 0.1, shape))
    elif kind == 2:
        v = rng.integers(0, 256, shape) * (1 / 255)
    elif kind == 3:
        v = rng.gamma(2, 900, shape).astype(int) * (1 / 65535)
    elif kind == 4:
        v = rng.exponential(1, shape) - 0.5
    else:
        v = rng.integers(0, int(rng.integers(2, 8)), shape) * 0.25
    return v.astype(f32)


def check_histogram(rng, v, data):
    for method in HISTOGRAM:
        words = ["volthreshold", "--method", method]
        more = {}
        if rng.integers(2):
            more["nbins"] = int(rng.choice([2, 7, 64, 100, 256, 1000]))
            words += ["-b", str(more["nbins"])]
        status, out, said = attempt([*words, "--print"], input=data)
        try:
            expected = getattr(filters, "threshold_" + method)(v, **more)
        except (RuntimeError, IndexError):
            assert status == 1, (method, more, out)
            continue
        assert status == 0, (method, more, said)
        assert f32(out.decode()) == f32(expected), (method, more, out, expected)
        assert (parse(run(words, data)) == (v > expected)).all(), (method, more)


def check_means(v, data):
    span = float(v.max()) - float(v.min())
    for method in "mean", "li":
        found = float(run(["volthreshold", "--method", method, "--print"], data))
        expected = float(getattr(filters, "threshold_" + method)(v))
        assert abs(found - expected) <= 4e-6 * span, (method, found, expected, span)
        mask = parse(run(["volthreshold", "--method", method], data))
        assert (mask == (v > f32(found))).all(), method


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    print("seed", seed)
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        v = volume(rng)
        data = stream(v)
        check_histogram(rng, v, data)
        check_means(v, data)


if __name__ == "__main__":
    main()
