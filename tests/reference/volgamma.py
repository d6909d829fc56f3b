#!/usr/bin/python3
"""tiff2vol | volgamma against scikit-image's adjust_gamma on float32 samples.

Usage: volgamma.py FOLDER...   (folders of TIFF stacks; those that tiff2vol refuses are left out)
Gammas 0, 0.5, 1, 2 must agree to the bit, others within one unit in the last place."""
import pathlib
import sys

import numpy as np
from skimage import exposure
from vol import parse, run, tiff2vol


seen = 0
for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).glob("*.tif*")):
        if path.stat().st_size > 1500000:
            continue
        status, stream, _ = tiff2vol(path)
        if status != 0:
            continue
        v = parse(stream)
        if v.min() < 0:
            continue
        seen += 1
        for gamma, gain in (0, 1), (0.5, 1), (1, 2), (2, 1), (0.45, 1), (1.5, 1), (2.2, 0.7):
            ours = parse(run(["volgamma", "-g", gamma, "-k", gain], stream))
            theirs = exposure.adjust_gamma(v, gamma, gain)
            assert theirs.dtype == np.float32
            if gamma in (0, 0.5, 1, 2):
                assert ours.tobytes() == theirs.tobytes(), (path.name, gamma)
            else:
                apart = np.abs(ours.view("<i4").astype(int) - theirs.view("<i4").astype(int)).max()
                assert apart <= (1 if gain == 1 else 2), (path.name, gamma, apart)
print(seen, "volumes")
assert seen > 0
