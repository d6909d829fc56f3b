"""What tests/cookbook.bats does in Python: steps_cookbook.py STEP [ARGUMENT]..."""
import sys


def inputs():
    import numpy, tifffile
    random = numpy.random.default_rng(1)
    tifffile.imwrite("hyper.tif", random.integers(0, 65535, (4, 6, 2, 40, 50), "uint16"), imagej=True, metadata={"axes": "TZCYX"})
    tifffile.imwrite("labels.tif", random.integers(0, 400, (5, 20, 30), "uint16"))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
