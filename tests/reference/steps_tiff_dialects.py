"""What tests/tiff_dialects.bats does in Python: steps_tiff_dialects.py STEP [ARGUMENT]..."""
import sys


def large_channels():
    import numpy as np, tifffile
    plane = np.arange(1 << 22, dtype=np.uint32).astype(np.uint16).reshape(2048, 2048)
    many = np.broadcast_to(plane, (4, 3, 2048, 2048))
    tifffile.imwrite("raw.tif", many, imagej=True, metadata={"axes": "ZCYX"})
    tifffile.imwrite("strips.ome.tif", many, metadata={"axes": "ZCYX"}, compression="zlib", rowsperstrip=64)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
