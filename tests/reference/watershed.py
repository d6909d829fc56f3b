#!/usr/bin/python3
"""volwatershed against scikit-image on random small volumes: watershed.py [ROUNDS [SEED]]

Where markers have equal values scikit-image's result depends on the layout of its heap; then marker
voxels are lowered a little, the first most, which makes the order that of the volume."""
import os
import random
import sys
import tempfile

import numpy as np
import scipy.ndimage as ndi
from skimage.segmentation import watershed

from vol import parse, run, stream

cases = 0


def ordered(image, markers, mask):
    """The image with marker voxels lowered, so that the first of equal ones come first."""
    lowered = image.astype(np.float64).copy()
    places = np.flatnonzero((markers * (mask != 0)).ravel())
    flat = lowered.ravel()
    flat[places] -= 1e-7 * (1 - np.arange(len(places)) / (len(places) + 1))
    return flat.reshape(image.shape)


def check(random_):
    global cases
    rng = np.random.default_rng(random_.getrandbits(32))
    shape = [random_.choice([1, random_.randint(1, 9)]), random_.randint(1, 12), random_.randint(1, 30)]
    mask = [lambda: rng.random(shape) < random_.choice([0.3, 0.6, 0.9]),
            lambda: ndi.gaussian_filter(rng.normal(0, 1, shape), 1.5) > 0,
            lambda: np.ones(shape, bool)][random_.randrange(3)]()
    tied = random_.random() < 0.5
    image = rng.integers(0, 5, shape) / 4 if tied else rng.permutation(mask.size).reshape(shape) / mask.size
    image = image.astype(np.float32)
    markers = np.where(rng.random(shape) < random_.choice([0, 0.02, 0.1, 0.4]), rng.integers(1, 2 ** random_.randint(2, 20), shape), 0)
    for invert, line in (False, False), (True, False), (False, True):
        values = -image if invert else image
        expected = watershed(ordered(values, markers, mask), markers, mask=mask, watershed_line=line)
        if not tied:
            assert np.array_equal(expected, watershed(values, markers, mask=mask, watershed_line=line))
        with tempfile.TemporaryDirectory() as folder:
            for name, x in ("markers", markers), ("mask", mask):
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(stream(x))
            command = ["volwatershed", "--markers", folder + "/markers", "--mask", folder + "/mask",
                       *["--invert"] * invert, *["--line"] * line]
            made = parse(run(command, stream(image))).reshape(expected.shape)
        assert np.array_equal(made, expected), (command, shape, tied, np.argwhere(made != expected)[:5])
        cases += 1


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.getrandbits(32)
    print("seed", seed, flush=True)
    random_ = random.Random(seed)
    for _ in range(rounds):
        check(random_)
    print(cases, "cases")


main()
