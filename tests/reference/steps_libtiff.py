"""What tests/libtiff.bats does in Python: steps_libtiff.py STEP [ARGUMENT]..."""
import sys


def plain_files():
    import numpy as np, tifffile
    gray = np.arange(5 * 700 * 9, dtype=np.uint16).reshape(5, 700, 9)
    tifffile.imwrite("strips.tif", gray, rowsperstrip=1, metadata=None)
    tifffile.imwrite("other.tif", gray, rowsperstrip=300, metadata=None, byteorder=">")
    tifffile.imwrite("rgb.tif", np.stack([gray, gray + 1, gray + 2], -1), photometric="rgb", metadata=None)


def check_plain_files():
    import numpy as np, tifffile
    for name in "strips", "other", "rgb":
        got = np.fromfile(name + ".raw", np.float32)
        wanted = (tifffile.imread(name + ".tif") / 65535).astype(np.float32)
        assert np.array_equal(got, wanted.ravel()), name


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
