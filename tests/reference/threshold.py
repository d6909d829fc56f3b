#!/usr/bin/python3
"""volthreshold against scikit-image's threshold_*. Usage: threshold.py [SEED [ROUNDS]]

The methods of a histogram must agree to the bit, but for its first bins: they are empty where bins
are narrower than a float's step, and scikit-image leaves them out only of a histogram that it is
given. Beyond the floats' range it works on samples that are smaller by a power of 2. The mean must
be the true one, and li that of the samples as doubles."""
import math
import random
import sys
import warnings

import numpy as np
from skimage import exposure, filters
from vol import attempt, parse, run, stream

f32 = np.float32
HISTOGRAM = ["otsu", "yen", "isodata", "triangle", "minimum"]


def volume(rng):
    shape = rng.integers(2, 20, 3) + 5
    kind = rng.integers(10)
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
    elif kind == 5:
        v = rng.integers(0, int(rng.integers(2, 8)), shape) * 0.25
    else:
        v = rng.choice([rng.exponential(1, shape), rng.normal(-0.4, 0.2, shape)])
        peak = abs(v).max()
        v = [v + 1e4, v + 1e6, v * 1e-41, v / peak * 3.39e38][kind - 6]
    return v.astype(f32)


def reference(method, v, **more):
    """A histogram's threshold, of samples whose sums are floats, with no bins that are empty."""
    power = -100 if v.max() > 1e30 else 0
    small = np.ldexp(v, power).astype(f32)
    if method != "triangle" and small.min() < small.max():
        more = {"hist": exposure.histogram(small.ravel(), more.get("nbins", 256))}
        small = None
    return f32(np.ldexp(float(getattr(filters, "threshold_" + method)(small, **more)), -power))


def check_histogram(rng, v, data):
    for method in HISTOGRAM:
        words = ["volthreshold", "--method", method]
        more = {}
        if rng.integers(2):
            more["nbins"] = int(rng.choice([2, 7, 64, 100, 256, 1000]))
            words += ["-b", str(more["nbins"])]
        status, out, said = attempt([*words, "--print"], input=data)
        try:
            expected = reference(method, v, **more)
        except (RuntimeError, IndexError):
            assert status == 1, (method, more, out)
            continue
        assert status == 0, (method, more, said)
        assert f32(out.decode()) == expected, (method, more, out, expected)
        assert (parse(run(words, data)) == (v > expected)).all(), (method, more)


def check_means(v, data):
    span = float(v.max()) - float(v.min())
    step = float(np.spacing(abs(v).max()))
    for method in "mean", "li":
        found = f32(run(["volthreshold", "--method", method, "--print"], data).decode())
        if method == "mean":
            assert found == f32(math.fsum(v.ravel().tolist()) / v.size), (found, span)
        else:
            expected = filters.threshold_li(v.astype(float))
            assert abs(float(found) - expected) <= 1e-7 * span + step / 2, (found, expected, span)
        mask = parse(run(["volthreshold", "--method", method], data))
        assert (mask == (v > found)).all(), method


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
