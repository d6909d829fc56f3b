"""What tests/volthreshold.bats does in Python: steps_volthreshold.py STEP [ARGUMENT]..."""
import sys


def check_li():
    from skimage.filters import threshold_li
    from vol import parse
    assert abs(threshold_li(parse(open("in", "rb").read())) - float(open("found").read())) < 4e-6


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
