#!/usr/bin/python3
"""Channels that are stains: voleq, volclip and volthreshold against scikit-image, channel by channel."""
import numpy as np
from skimage import exposure, filters
from vol import parse, run, stream

rng = np.random.default_rng(5)
volume = np.stack([rng.normal(0.5, 0.1, (9, 40, 50)), rng.integers(0, 300, (9, 40, 50)) / 65535,
                   rng.exponential(0.1, (9, 40, 50)) - 0.01], -1).astype(np.float32)
data = stream(volume)


def each(command):
    return np.moveaxis(parse(run(command, data)).reshape(volume.shape), -1, 0)


channels = np.moveaxis(volume, -1, 0)
for made, channel in zip(each(["voleq"]), channels):
    assert made.tobytes() == exposure.equalize_hist(channel).tobytes()
for made, channel in zip(each(["volclip"]), channels):
    limits = tuple(np.percentile(channel, (0.5, 99.5)))
    assert made.tobytes() == exposure.rescale_intensity(channel, limits, np.float32).tobytes()
for made, channel in zip(each(["volthreshold"]), channels):
    assert np.array_equal(made, channel > filters.threshold_otsu(channel))
