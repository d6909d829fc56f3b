#!/usr/bin/python3
"""vollabel, volfill, volpeaks and volmeasure against scipy.ndimage and scikit-image on random small volumes, and the
pieces of slabs against the whole: objects.py [ROUNDS [SEED]]"""
import itertools
import os
import random
import sys
import tempfile
from fractions import Fraction

import numpy as np
import scipy.ndimage as ndi
from skimage import measure, morphology, segmentation

from vol import parse, run, stream

cases = 0
RANKS = {6: 1, 18: 2, 26: 3}


def check(command, data, expected, what=None):
    global cases
    made = parse(run(command, data)).reshape(expected.shape)
    assert np.array_equal(made, expected), (command, expected.shape, what, np.argwhere(made != expected)[:5])
    cases += 1


def mask(random_):
    """Noise of every density, blobs, nothing, everything; rows around the width of a word."""
    rng = np.random.default_rng(random_.getrandbits(32))
    shape = [random_.choice([1, 2, random_.randint(1, 12)]), random_.randint(1, 12),
             random_.choice([1, 2, random_.randint(1, 40), random_.randint(60, 70), 130])]
    kind = random_.randrange(6)
    if kind < 3:
        v = rng.random(shape) < random_.choice([0.02, 0.1, 0.3, 0.5, 0.7, 0.95])
    elif kind == 3:
        v = ndi.gaussian_filter(rng.normal(0, 1, shape), 1.5) > random_.choice([-0.1, 0, 0.1])
    elif kind == 4:
        v = np.indices(shape).sum(axis=0) % 2 == 0
    else:
        v = np.full(shape, random_.random() < 0.5)
    if random_.random() < 0.3:  # set is whatever is not 0
        return np.where(v, rng.choice([-1, 0.25, np.nan, np.inf, 7], shape), -0.0).astype(np.float32)
    return v.astype(np.float32)


def label(v, connectivity):
    return ndi.label(v != 0, ndi.generate_binary_structure(3, RANKS[connectivity]))[0]


def renumber(labels, keep):
    """Of the numbers 1 to n those where keep is true, without gaps."""
    table = np.concatenate([[0], np.where(keep, np.cumsum(keep), 0)])
    return table[labels]


def check_label(random_):
    v = mask(random_)
    connectivity = random_.choice([6, 18, 26])
    found = label(v, connectivity)
    rank = RANKS[connectivity]
    option = ["--connectivity", connectivity] if connectivity != 26 or random_.random() < 0.5 else []
    check(["vollabel", *option], stream(v), found)
    if 1 not in v.shape:  # it numbers by another order where an axis has the length 1
        assert np.array_equal(found, measure.label(v.astype(bool), connectivity=rank))
    sizes = np.bincount(found.ravel(), minlength=found.max() + 1)[1:]
    least = random_.choice([0, 1, 2, 5, 30])
    check(["vollabel", *option, "--min-size", least], stream(v), renumber(found, sizes >= least))
    check(["vollabel", *option, "--max-size", least + 1], stream(v), renumber(found, sizes <= least + 1))
    check(["vollabel", *option, "--min-size", least, "--binary"], stream(v),
          morphology.remove_small_objects(v != 0, least, connectivity=rank))
    cleared = segmentation.clear_border(found) if found.max() else found
    inside = np.isin(np.arange(1, found.max() + 1), cleared)
    check(["vollabel", *option, "--border", "drop"], stream(v), renumber(found, inside))
    k = random_.choice([1, 2, 3, 1000])
    largest = np.zeros(len(sizes), bool)
    largest[np.argsort(-sizes, kind="stable")[:k]] = True
    check(["vollabel", *option, "--largest", k], stream(v), renumber(found, largest))
    if random_.random() < 0.3:
        spacing = (0.5, 0.25, 0.3)
        volume = random_.choice([0.1, 0.5, 1])
        check(["vollabel", *option, "--min-size", f"{volume}um3"], stream(v, spacing=spacing, unit="um"),
              renumber(found, sizes * np.prod(spacing) >= volume - 1e-12))


def check_values(random_):
    v = mask(random_) != 0
    rng = np.random.default_rng(random_.getrandbits(32))
    values = np.where(v, rng.integers(1, random_.choice([2, 3, 5]), v.shape), 0)
    connectivity = random_.choice([6, 18, 26])
    order = [axis for axis in range(3) if v.shape[axis] == 1] + [axis for axis in range(3) if v.shape[axis] > 1]
    found = measure.label(values, connectivity=RANKS[connectivity])
    if order != [0, 1, 2]:  # numbers by the first voxel
        _, first = np.unique(found, return_index=True)
        kept = [f for f in first if found.ravel()[f]]
        table = np.zeros(found.max() + 1, int)
        for number, place in enumerate(sorted(kept), 1):
            table[found.ravel()[place]] = number
        found = table[found]
    check(["vollabel", "--values", "--connectivity", connectivity], stream(values - 0.5 * (values == 2)), found)


def check_fill(random_):
    v = mask(random_)
    check(["volfill"], stream(v), ndi.binary_fill_holes(v != 0))
    planes = np.stack([ndi.binary_fill_holes(plane != 0) for plane in v])
    check(["volfill", "--planes"], stream(v), planes)
    size = random_.choice([0, 1, 2, 3, 10, 64])
    check(["volfill", "--max-size", size], stream(v), morphology.remove_small_holes(v != 0, size, connectivity=1))


def check_peaks(random_):
    v = mask(random_)
    rng = np.random.default_rng(random_.getrandbits(32))
    samples = random_.choice([rng.integers(0, 4, v.shape), ndi.gaussian_filter(rng.normal(0, 1, v.shape), 1)])
    samples = samples.astype(np.float32)
    size = random_.choice([(3, 3, 3), (1, 5, 3), (5, 5, 5)])
    peaks = samples == ndi.maximum_filter(samples, size, mode="constant", cval=-np.inf)
    command = ["volpeaks", "--size", ",".join(map(str, size))]
    check(command, stream(samples), label(peaks, 26))
    check([*command, "--min", 1], stream(samples), label(peaks & (samples >= 1), 26))
    ball = morphology.ball(2)
    with tempfile.NamedTemporaryFile() as file:
        file.write(stream(v))
        file.flush()
        check([*command, "--mask", file.name], stream(samples), label(peaks & (v != 0), 26))
        round_ = samples == ndi.maximum_filter(samples, footprint=ball, mode="constant", cval=-np.inf)
        check(["volpeaks", "--size", 5, "--shape", "ball", "--mask", file.name], stream(samples),
              label(round_ & (v != 0), 26))


def table(text):
    """Columns of a TSV by name."""
    lines = text.decode().rstrip("\n").split("\n")
    rows = np.array([[float(x) for x in line.split("\t")] for line in lines[1:]])
    names = lines[0].split("\t")
    return dict(zip(names, rows.reshape(-1, len(names)).T))


def crossings(x, spacing):
    """Surface of a mask from 13 directions, their parts of the sphere by many random directions."""
    rng = np.random.default_rng(0)
    steps = [d for d in itertools.product((-1, 0, 1), repeat=3) if d > (0, 0, 0)]
    vectors = np.array(steps) * spacing
    length = np.linalg.norm(vectors, axis=1)
    points = rng.normal(size=(200000, 3))
    nearest = np.abs(points @ (vectors / length[:, None]).T).argmax(axis=1)
    part = np.bincount(nearest, minlength=13) / len(points)
    padded = np.pad(x, 1).astype(int)
    total = 0
    for k, step in enumerate(steps):
        moved = np.roll(padded, step, axis=(0, 1, 2))
        total += 2 * part[k] * np.prod(spacing) / length[k] * (moved != padded).sum()
    return total


def check_measure(random_):
    global cases
    v = mask(random_)
    rng = np.random.default_rng(random_.getrandbits(32))
    labels = label(v, random_.choice([6, 26]))
    if random_.random() < 0.5:  # any numbers, several parts, sides that touch
        labels = np.where(v != 0, rng.choice([1, 2, 7, 5000, 2 ** 24 - 1], v.shape), 0)
    samples = random_.choice([
        lambda: rng.integers(0, 256, v.shape) / 255, lambda: rng.normal(0, 1, v.shape),
        lambda: np.exp(np.clip(rng.normal(0, 30, v.shape), -95, 85)) * rng.choice([-1, 1], v.shape),
        lambda: np.zeros(v.shape)])().astype(np.float32)
    spacing = random_.choice([(1.0, 1.0, 1.0), (0.5, 0.25, 0.25)])
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/{name}.nrrd" for name in ("labels", "samples")]
        for path, x in zip(paths, (labels, samples)):
            with open(path, "wb") as file:
                file.write(stream(x, spacing=spacing, unit="um"))
        found = table(run(["volmeasure", *paths]))
        mean = parse(run(["volmeasure", "--paint", "mean", *paths]))
        pieces = random_.randint(1, v.shape[0])
        for k in range(1, pieces + 1):
            slabs = [f"{folder}/{name}-{k}.nrrd" for name in ("labels", "samples")]
            for path, slab in zip(paths, slabs):
                run(["volcrop", "--part", f"{k}/{pieces}", path, "-o", slab])
            for slab, name in zip(slabs, ("labels", "samples")):
                os.makedirs(f"{folder}/{k}", exist_ok=True)
                os.rename(slab, f"{folder}/{k}/{name}.nrrd")
            run(["volmeasure", "--slab", f"{folder}/{k}/labels.nrrd", f"{folder}/{k}/samples.nrrd", "-o",
                 f"{folder}/{k}.measures"])
        order = [f"{folder}/{k}.measures" for k in range(1, pieces + 1)]
        random_.shuffle(order)
        assert run(["volmeasure", *paths]) == run(["volmeasure", "--merge", *order]), (v.shape, pieces)
    numbers = np.unique(labels[labels > 0])
    assert np.array_equal(found["label"], numbers)
    if len(numbers) == 0:
        return
    assert np.array_equal(found["voxels"], ndi.sum_labels(labels > 0, labels, numbers))
    assert np.allclose(found["volume"], found["voxels"] * np.prod(spacing), rtol=1e-15)
    if labels.max() < 6000:
        regions = measure.regionprops(labels.astype(int))
        for axis, name in enumerate(("plane", "row", "column")):
            assert np.array_equal(found[name], [r.centroid[axis] for r in regions])
            assert np.allclose(found["xyz"[2 - axis]], found[name] * spacing[axis], rtol=1e-14)
            assert np.array_equal(found[name + "_first"], [r.bbox[axis] for r in regions])
            assert np.array_equal(found[name + "_last"], [r.bbox[axis + 3] for r in regions])
        if 1 not in v.shape:
            assert np.array_equal(found["euler"], [r.euler_number for r in regions]), v.shape
    for i, number in enumerate(numbers):
        x = samples[labels == number]
        where = np.argwhere(labels == number)
        exact = [Fraction(float(y)) for y in x]
        total = sum(exact)
        assert found["min"][i] == x.min() and found["max"][i] == x.max()
        assert found["sum"][i] == float(total) and found["mean"][i] == float(total / len(x))
        variance = sum(y * y for y in exact) / len(x) - (total / len(x)) ** 2
        assert np.isclose(found["sd"][i], float(variance) ** 0.5, rtol=1e-15, atol=0)
        assert mean[labels == number][0] == np.float32(found["mean"][i])
        if total:
            for axis, name in enumerate(("plane", "row", "column")):
                place = sum(y * int(p) for y, p in zip(exact, where[:, axis])) / total
                assert np.isclose(found[name + "_weighted"][i], float(place), rtol=1e-15, atol=1e-300)
        if i < 2:
            assert np.isclose(found["surface"][i], crossings(labels == number, spacing), rtol=0.01)
            faces = sum((where[:, axis] == edge).any() for axis in range(3) for edge in (0, v.shape[axis] - 1))
            assert found["faces"][i] == faces
    cases += 1


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.getrandbits(32)
    print("seed", seed, flush=True)
    random_ = random.Random(seed)
    for _ in range(rounds):
        for test in check_label, check_values, check_fill, check_peaks, check_measure:
            test(random_)
    print(cases, "cases")


main()
