#!/usr/bin/python3
"""tiff2vol | volgamma against scikit-image's adjust_gamma on float32 samples.

Usage: gamma_reference.py FOLDER...   (folders of TIFF stacks; those that tiff2vol refuses are left out)
Gammas 0, 0.5, 1, 2 must agree to the bit, others within one unit in the last place."""
import pathlib
import subprocess
import sys

import numpy as np
from skimage import exposure


def pipe(command, data=None):
    done = subprocess.run(command, input=data, capture_output=True)
    return done.stdout if done.returncode == 0 else None


def samples(stream):
    head, _, data = stream.partition(b"\n\n")
    return np.frombuffer(data, "<f4")


seen = 0
for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).glob("*.tif*")):
        if path.stat().st_size > 1500000:
            continue
        stream = pipe(["tiff2vol", str(path)])
        if stream is None:
            continue
        v = samples(stream)
        if v.min() < 0:
            continue
        seen += 1
        for gamma, gain in (0, 1), (0.5, 1), (1, 2), (2, 1), (0.45, 1), (1.5, 1), (2.2, 0.7):
            ours = samples(pipe(["volgamma", "-g", str(gamma), "-k", str(gain)], stream))
            theirs = exposure.adjust_gamma(v, gamma, gain)
            assert theirs.dtype == np.float32
            if gamma in (0, 0.5, 1, 2):
                assert ours.tobytes() == theirs.tobytes(), (path.name, gamma)
            else:
                apart = np.abs(ours.view("<i4").astype(int) - theirs.view("<i4").astype(int)).max()
                assert apart <= (1 if gain == 1 else 2), (path.name, gamma, apart)
print(seen, "volumes")
assert seen > 0
