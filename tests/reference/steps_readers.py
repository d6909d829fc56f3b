"""What tests/interop/readers.bats does in Python: steps_readers.py STEP [ARGUMENT]..."""
import sys


def opencv():
    import cv2, numpy
    for name, kind in (("gray.tif", "uint16"), ("float.tif", "float32")):
        ok, pages = cv2.imreadmulti(name, flags=cv2.IMREAD_UNCHANGED)
        volume = numpy.stack(pages)
        assert ok and volume.dtype == kind and (volume.ravel() == numpy.arange(60)).all(), name
    assert (cv2.imread("gray.png", cv2.IMREAD_UNCHANGED).ravel() == numpy.arange(30, 60)).all()


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
