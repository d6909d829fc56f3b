"""What tests/volcat.bats does in Python: steps_volcat.py STEP [ARGUMENT]..."""
import sys


def check_channels():
    import numpy as np
    from vol import parse
    a, b, aba = (parse(open(name, "rb").read()) for name in ("a", "b", "aba"))
    assert (aba == np.stack([a, b, a], -1)).all()


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
