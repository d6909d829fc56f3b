"""What tests/hint.bats does in Python: steps_hint.py STEP [ARGUMENT]..."""
import sys


def check_note():
    import numpy
    ordered = numpy.sort(numpy.fromfile("samples", "<f4"))
    pairs = [pair.split(":") for pair in open("note").read().split()]
    assert len(pairs) == 18
    for rank, value in pairs:
        assert ordered[int(rank)] == numpy.float32(value), (rank, value)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
