#!/usr/bin/python3
"""Statistics, equalization and clipping against numpy and scikit-image, to the bit.

Usage: stats.py CHECK_STATS [CASES [SEED]]    prints its seed, exits 1 at the first difference
"""
import fractions
import struct
import subprocess
import sys
import warnings

import numpy as np
from skimage import exposure

f32 = np.float32
GATHER, ROUNDS, LIST = range(3)
BINS = (1, 2, 7, 255, 256, 1000, 65536)
CLIP_TO = (None, None, (0.0, 1.0), (-1.0, 1.0), (2.0, 0.5), (0.25, 0.25))
QUANTILES = (0, 0.5, 100 / 3, 1 / 3, 50, 99.5, 100)


def distributions(rng, n):
    """Name and samples; n of them, float32."""
    def quantized(levels):
        return (rng.integers(0, levels + 1, n) * (1 / levels)).astype(f32)

    choices = {
        "uniform": lambda: rng.random(n, dtype=f32),
        "normal": lambda: rng.standard_normal(n, dtype=f32),
        "normal, far off 0": lambda: (1e4 + rng.standard_normal(n)).astype(f32),
        "exponential over 30 decades": lambda: (10 ** rng.uniform(-20, 10, n)).astype(f32),
        "both signs over 60 decades":
            lambda: (10 ** rng.uniform(-30, 30, n) * rng.choice((-1, 1), n)).astype(f32),
        "two values": lambda: rng.choice(rng.standard_normal(2).astype(f32), n),
        "constant": lambda: np.full(n, rng.standard_normal() * 10 ** rng.uniform(-6, 6), f32),
        "constant 0": lambda: np.zeros(n, f32),
        "constant, large": lambda: np.full(n, rng.choice((2.0 ** 24, 1e9, -1e9)), f32),
        "edge-aligned": lambda: (rng.integers(0, 257, n) / 256).astype(f32),
        "edge-aligned, tenths": lambda: (rng.integers(0, 11, n) / 10).astype(f32),
        "subnormals": lambda: rng.integers(0, 1 << 23, n).astype(np.uint32).view(f32),
        "few subnormals": lambda: rng.integers(0, 12, n).astype(np.uint32).view(f32),
        "few neighbours of 1": lambda: rng.integers(0x3f7ffffa, 0x3f800006, n).astype(np.uint32).view(f32),
        "negative": lambda: -rng.random(n, dtype=f32) - f32(0.25),
        "u8 levels": lambda: quantized(255),
        "u16 levels": lambda: quantized(65535),
        "u8 levels after gamma": lambda: quantized(255) ** f32(0.7),
        "zeros of both signs": lambda: rng.choice(np.array((0.0, -0.0, 1, -1), f32), n),
        "huge": lambda: (rng.uniform(-1.6e38, 1.6e38, n)).astype(f32),
        "NaN between": lambda: np.where(rng.random(n) < 0.3, f32(np.nan), rng.random(n, dtype=f32)),
        "background of minima": lambda: np.maximum(rng.standard_normal(n).astype(f32), 0),
        "background of maxima": lambda: np.minimum(rng.standard_normal(n).astype(f32), 1),
        "any bits": lambda: any_bits(rng, n),
    }
    name = list(choices)[rng.integers(len(choices))]
    samples = choices[name]()
    if np.isnan(samples).all():
        samples[0] = 0.5
    return name, samples


def any_bits(rng, n):
    v = rng.integers(0, 1 << 32, n, dtype=np.uint32).view(f32)
    return np.where(np.isnan(v) | (abs(v) < 1e38), v, f32(1))


def random_case(rng, way):
    size = rng.choice(("one", "few", "some", "many"), p=(0.05, 0.45, 0.4, 0.1))
    n = {"one": 1, "few": rng.integers(2, 40), "some": rng.integers(40, 2000),
         "many": rng.integers(2000, 40000)}[size]
    name, samples = distributions(rng, int(n))
    numbers = samples[~np.isnan(samples)]
    low, high = float(numbers.min()), float(numbers.max())
    given = None
    if rng.random() < 0.4:
        given = sorted(rng.choice((low, high, (low + high) / 2, 0.1, 0.3, 0.0, 1.0, -0.5,
                                   low + (high - low) * rng.random()), 2))
        if not ((numbers >= f32(given[0])) & (numbers <= f32(given[1]))).any():
            given = [low, high]
    bins = int(rng.choice(BINS, p=(0.1, 0.1, 0.2, 0.15, 0.25, 0.15, 0.05)))
    quantiles = np.array(rng.choice(QUANTILES, rng.integers(1, 4), replace=False), float)
    if rng.random() < 0.3:
        quantiles = rng.uniform(0, 100, len(quantiles))
    return {"name": name, "samples": samples, "numbers": numbers, "range": given, "bins": bins,
            "q": quantiles, "way": way, "parts": int(rng.choice((1, 2, 3, 17))),
            "limits": clip_limits(rng, numbers), "to": CLIP_TO[rng.integers(len(CLIP_TO))]}


def clip_limits(rng, numbers):
    low, high = np.percentile(numbers, (0.5, 99.5))
    kind = rng.integers(6)
    if kind == 0:
        low, high = high, low
    elif kind == 1:
        low = high = float(rng.choice(numbers))
    elif kind == 2:
        low, high = np.sort(rng.uniform(-1, 1, 2))
    return float(low), float(high)


def exact_moments(numbers):
    """Mean and variance, each rounded once."""
    whole = [int(x) for x in np.ldexp(numbers.astype(float), 149)]
    n, s1, s2 = len(whole), sum(whole), sum(x * x for x in whole)
    mean = fractions.Fraction(s1, n << 149)
    variance = fractions.Fraction(n * s2 - s1 * s1, n * n << 298)
    return float(mean), float(variance)


class Checker:
    numpy_failed = 0

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, case, to):
        samples, given = case["samples"], case["range"]
        self.process.stdin.write(
            struct.pack("=6I6d", case["way"], len(samples), case["parts"], case["bins"],
                        given is not None, len(case["q"]), *(given or (0, 0)), *case["limits"], *to)
            + case["q"].tobytes() + samples.tobytes())
        self.process.stdin.flush()
        if self.take(np.uint32, 1)[0] != 1:
            raise AssertionError(self.process.stdout.read(1024).split(b"\0")[0].decode())
        answer = dict(zip(("samples", "nans", "minimum", "maximum", "mean", "variance"), self.take(float, 6)))
        answer["percentiles"] = self.take(float, len(case["q"]))
        answer["edges"] = self.take(f32, case["bins"] + 1)
        answer["counts"] = self.take(np.uint64, case["bins"])
        answer["equalized"] = self.take(f32, len(samples))
        answer["clipped"] = self.take(f32, len(samples))
        return answer

    def take(self, dtype, count):
        size = np.dtype(dtype).itemsize * count
        data = self.process.stdout.read(size)
        if len(data) != size:
            raise AssertionError("check_stats ended")
        return np.frombuffer(data, dtype)


def equalized(case, numbers):
    """scikit-image's equalize_hist; with a range, its steps."""
    if case["range"] is None:
        return exposure.equalize_hist(numbers, case["bins"])
    counts, edges = np.histogram(numbers, case["bins"], case["range"])
    cdf = counts.cumsum()
    cdf = (cdf / float(cdf[-1])).astype(f32)
    return np.interp(numbers, (edges[:-1] + edges[1:]) / 2., cdf).astype(f32)


def same(what, found, expected, by_bits=True):
    found, expected = np.asarray(found), np.asarray(expected)
    alike = found == expected
    if by_bits and found.dtype == f32:
        alike = found.view(np.uint32) == expected.view(np.uint32)
    if not np.all(alike | ((found != found) & (expected != expected))):
        at = np.flatnonzero(~np.atleast_1d(alike))[:5]
        raise AssertionError(f"{what}: at {at} {np.atleast_1d(found)[at]}, expected {np.atleast_1d(expected)[at]}")


def compare(case, answer, to):
    numbers, is_number = case["numbers"], ~np.isnan(case["samples"])
    same("samples", answer["samples"], len(case["samples"]))
    same("NaN", answer["nans"], len(case["samples"]) - len(numbers))
    same("minimum", answer["minimum"], numbers.min())
    same("maximum", answer["maximum"], numbers.max())
    if len(numbers) <= 3000:
        mean, variance = exact_moments(numbers)
        same("mean", answer["mean"], mean)
        same("variance", answer["variance"], variance)
    same("percentiles", answer["percentiles"], np.percentile(numbers, case["q"]))
    try:
        counts, edges = np.histogram(numbers, case["bins"], case["range"])
    except IndexError:
        # numpy fails where bins per unit overflow: a range of almost nothing.
        low, high = case["range"] or (-np.inf, np.inf)
        inside = (numbers >= f32(low)) & (numbers <= f32(high))
        same("all counted", answer["counts"].sum(), inside.sum())
        Checker.numpy_failed += 1
    else:
        same("edges", answer["edges"], edges, by_bits=False)
        same("counts", answer["counts"], counts)
        same("equalized", answer["equalized"][is_number], equalized(case, numbers))
    same("clipped", answer["clipped"],
         exposure.rescale_intensity(case["samples"], case["limits"], to or f32))
    for kind in "equalized", "clipped":
        same("NaN in " + kind, np.isnan(answer[kind]), np.isnan(case["samples"]) | np.isnan(answer[kind]))
        if not np.isnan(answer[kind][~is_number]).all():
            raise AssertionError("NaN lost in " + kind)


def check(checker, case):
    to = case["to"]
    answer = checker.ask(case, to or (0.0 if case["limits"][0] >= 0 else -1.0, 1.0))
    compare(case, answer, to)


def large_case(rng, way, n):
    case = random_case(rng, way)
    samples = rng.standard_normal(n, dtype=f32) if rng.random() < 0.5 else \
        (rng.integers(0, 40000, n) * (1 / 65535)).astype(f32)
    if way == LIST:
        case["parts"] = 1  # crowded parts answer different questions and can't be added
    case.update(name="large", samples=samples, numbers=samples, range=None, limits=(-0.5, 0.5),
                q=np.concatenate((case["q"], rng.uniform(0, 100, 9 if way == GATHER else 0))))
    return case


def main():
    program = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(np.random.SeedSequence().entropy % 10 ** 9)
    print(f"seed {seed}, {cases} cases", flush=True)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    checker = Checker(program)
    for number in range(cases):
        rng = np.random.default_rng((seed, number))
        way = int(rng.integers(3))
        if number % 500 == 499:
            case = large_case(rng, way, int(rng.choice((70000, 700001))))
        else:
            case = random_case(rng, way)
        try:
            check(checker, case)
        except AssertionError as error:
            about = {k: v for k, v in case.items() if k not in ("samples", "numbers")}
            print(f"case {number}: {len(case['samples'])} samples, {about}: {error}")
            return 1
    print(f"{checker.numpy_failed} histograms without comparison, numpy fails on them")
    return int(checker.numpy_failed > cases // 50)


if __name__ == "__main__":
    sys.exit(main())
