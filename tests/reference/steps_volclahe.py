"""What tests/volclahe.bats does in Python: steps_volclahe.py STEP [ARGUMENT]..."""
import sys


def check_cells():
    from skimage.exposure import equalize_adapthist
    from vol import parse
    read = lambda path: parse(open(path, "rb").read())
    assert (read("found.nrrd") == equalize_adapthist(read("cells.nrrd"))).all()


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
