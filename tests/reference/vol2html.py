"""Decodes pages of vol2html with numpy and zlib, and compares them with scikit-image.

    vol2html.py levels PAGE             shape and levels, for the eye
    vol2html.py compare PAGE VOLUME     exit 1 where a level is not scikit-image's
"""
import base64
import json
import re
import sys
import zlib

import numpy as np
from vol import levels as expected_levels
from vol import parse


def facts_of(text):
    return json.loads(re.search(r'id="facts">(.*?)</script>', text, re.S).group(1))


def median(a, b, c):
    return np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))


def unpredict(differences, modulus):
    """differences: rows x columns x channels; the levels they stand for."""
    levels = np.zeros_like(differences)
    for r, row in enumerate(differences):
        for c, difference in enumerate(row):
            if r == 0:
                expected = levels[0, c - 1] if c > 0 else 0
            elif c == 0:
                expected = levels[r - 1, 0]
            else:
                left, up = levels[r, c - 1], levels[r - 1, c]
                expected = median(left, up, left + up - levels[r - 1, c - 1])
            levels[r, c] = (difference + expected) % modulus
    return levels


def decode(path):
    """The facts, the levels (plane, row, column, channel), and where NaN are."""
    text = open(path, encoding='utf-8').read()
    facts = facts_of(text)
    planes, rows, columns = facts['size']
    channels, wide = facts['channels'], facts['depth'] // 8
    shape = (rows, columns, channels)
    levels, nan = [], []
    for block in re.findall(r'class="plane">([^<]*)</script>', text):
        data = np.frombuffer(zlib.decompress(base64.b64decode(block, validate=True)), np.uint8)
        samples = rows * columns * channels
        body, rest = data[:samples * wide], data[samples * wide:]
        parts = body.reshape(rows, wide, columns, channels).astype(np.int64)
        differences = sum(parts[:, byte] << (8 * byte) for byte in range(wide))
        levels.append(unpredict(differences, 1 << facts['depth']))
        bits = np.unpackbits(rest, bitorder='little')[:samples].reshape(shape) if len(rest) else np.zeros(shape)
        nan.append(bits.astype(bool))
    assert len(levels) == planes, f'{len(levels)} planes instead of {planes}'
    return facts, np.stack(levels), np.stack(nan)


def bins(volume, factor):
    """Means of blocks, NaN left out, fewer samples at the far ends."""
    numbers = np.where(np.isnan(volume), 0, volume).astype(np.float64)
    counts = (~np.isnan(volume)).astype(np.float64)
    for axis, n in enumerate(factor):
        starts = np.arange(0, volume.shape[axis], n)
        numbers = np.add.reduceat(numbers, starts, axis)
        counts = np.add.reduceat(counts, starts, axis)
    with np.errstate(invalid='ignore'):
        return (numbers / counts).astype(np.float32)


def compare(page, path):
    facts, levels, nan = decode(page)
    volume = parse(open(path, 'rb').read())
    volume = bins(volume if volume.ndim == 4 else volume[..., None], facts['factor'])
    if not np.array_equal(nan, np.isnan(volume)):
        sys.exit('NaN are not where they should be')
    for channel, window in enumerate(facts['windows']):
        expected = expected_levels(volume[..., channel], *window, facts['depth'])
        wrong = np.argwhere(levels[..., channel] != expected)
        if len(wrong):
            at = tuple(wrong[0])
            sys.exit(f'channel {channel}: {len(wrong)} levels differ, first at {at}: '
                     f'{levels[..., channel][at]}, expected {expected[at]}')


if __name__ == '__main__':
    if sys.argv[1] == 'compare':
        compare(*sys.argv[2:])
    else:
        facts, levels, nan = decode(sys.argv[2])
        print(levels.shape, levels.ravel().tolist())
