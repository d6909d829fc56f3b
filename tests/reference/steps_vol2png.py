"""What tests/vol2png.bats does in Python: steps_vol2png.py STEP [ARGUMENT]..."""
import sys


def check_composite(*arguments):
    from skimage import io as iio
    import numpy as np
    from vol import parse
    v = parse(open("both.nrrd", "rb").read()).astype("f8")
    window = arguments[0]

    def limits(c):
        if window == "minmax":
            return c.min(), c.max()
        if window == "0,1":
            return 0, 1
        return np.percentile(c.astype("f4"), [5, 90])
    def composite(colours):
        rgb = np.zeros(v.shape[:3] + (3,))
        for c, colour in enumerate(colours):
            low, high = limits(v[..., c])
            rgb += np.clip((v[..., c] - low) / (high - low), 0, 1)[..., None] * np.array(colour) / 255
        return np.rint(np.minimum(rgb, 1) * 255)
    for letter, colours in ("p", [(255, 0, 255), (0, 255, 0), (0, 160, 255)]), ("q", [(128, 64, 32), (0, 0, 0), (0, 255, 255)]):
        for plane in range(3):
            found = iio.imread(f"{letter}{plane}.png").astype(int)
            assert np.abs(found - composite(colours)[plane]).max() <= 1, (letter, plane, window)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
