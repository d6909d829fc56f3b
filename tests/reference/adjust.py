#!/usr/bin/python3
"""voladjust against its formulas in long double and against scikit-image. Usage: adjust.py [SEED [ROUNDS]]"""
import random
import sys

import numpy as np
from skimage.exposure import adjust_log, adjust_sigmoid
from vol import parse, run, stream

f32, long = np.float32, np.longdouble
assert np.finfo(long).nmant >= 63
LN2 = np.log(long(2))


def samples(rng, log):
    n = 20000
    kind = rng.integers(4)
    if kind == 0:
        v = rng.random(n)
    elif kind == 1:
        v = np.exp(rng.uniform(-100, 5, n))
    elif kind == 2:
        v = rng.integers(0, 256, n) * (1 / 255)
    else:
        v = rng.normal(0, 3, n)
    return (np.abs(v) if log or kind == 0 else v * rng.choice([-1, 1], n)).astype(f32)


def check_rounded(found, exact, what):
    """At most 0.5001 units in the last place, also where results are subnormal."""
    with np.errstate(over="ignore"):
        rounded = exact.astype(f32)
    unit = np.spacing(np.abs(rounded)).astype(long)
    finite = np.isfinite(rounded)
    error = np.abs(found.astype(long) - exact)[finite] / unit[finite]
    assert error.size == 0 or error.max() <= 0.5001, (what, error.max())
    assert (found[~finite] == rounded[~finite]).all(), what
    return (found != rounded).sum()


def check_log(rng):
    gain = float(rng.choice([1, 1, 0.3, -2, 100, 1e-30, 1e-60, -1e-200, 5e-324, 3.4e38]))
    v = samples(rng, True)
    if abs(gain) < 1e-20:  # around where the result becomes a float, and leaves them
        v = (np.abs(rng.normal(-np.log2(abs(gain)), 90, v.size))).astype(f32)
    x = v.astype(long)
    off = 0
    for inverse in False, True:
        words = ["voladjust", "--log", "--gain", repr(gain)] + ["--inverse"] * inverse
        found = parse(run(words, stream(v.reshape(1, 1, -1)))).ravel()
        with np.errstate(over="ignore", invalid="ignore"):
            exact = gain * (np.expm1(x * LN2) if inverse else np.log1p(x) / LN2)
            theirs = adjust_log(v, gain, inverse)
        off += check_rounded(found, exact, words)
        near = np.isfinite(theirs)
        assert np.allclose(found[near], theirs[near], rtol=1e-6, atol=2e-7 * max(1, abs(gain))), words
    return off


def check_sigmoid(rng):
    gain = float(rng.choice([10, 1, 5.5, -3, 50, 1e-300, 1e-20, 1e30, -3.4e38]))
    cutoff = float(rng.choice([0.5, 0, 0.1, -2, 7, 1e30]))
    v = samples(rng, False)
    if abs(gain) > 1e20:  # around the cutoff
        v = (cutoff + rng.normal(0, 100 / abs(gain), v.size)).astype(f32)
    x = v.astype(long)
    off = 0
    for inverse in False, True:
        words = ["voladjust", "--sigmoid", "--gain", repr(gain), "--cutoff", repr(cutoff)] + ["--inverse"] * inverse
        found = parse(run(words, stream(v.reshape(1, 1, -1)))).ravel()
        with np.errstate(over="ignore"):
            exact = 1 / (1 + np.exp((-gain if inverse else gain) * (cutoff - x)))
            theirs = adjust_sigmoid(np.abs(v), cutoff, gain, inverse)  # refuses negative samples
        off += check_rounded(found, exact, words)
        found, theirs = found[v >= 0], theirs[v >= 0]
        assert np.allclose(found, theirs, rtol=0, atol=4e-7 * max(1, abs(gain))), words
    return off


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    print("seed", seed)
    rng = np.random.default_rng(seed)
    off = sum(check_log(rng) + check_sigmoid(rng) for _ in range(rounds))
    print(f"{off} of {rounds * 80000} floats are not the nearest ones")


main()
