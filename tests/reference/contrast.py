#!/usr/bin/python3
"""voleq, volclip and volhist against scikit-image and numpy, to the bit.

Usage: contrast.py voleq|volclip|volhist FOLDER...    (folders of TIFF stacks; those that
tiff2vol refuses are left out). A made volume with more distinct values than a list takes is always
among them. Each program runs on a pipe, on a file and with a statistics file."""
import json
import pathlib
import sys
import warnings

import numpy as np
from skimage import exposure
from vol import parse, run, stream, tiff2vol

f32 = np.float32


def volumes(folders):
    rng = np.random.default_rng(4)
    v = rng.normal(0.3, 1, (30, 100, 60)).astype(f32)
    yield "made", stream(v)
    for folder in folders:
        for path in sorted(pathlib.Path(folder).glob("*.tif*")):
            status, out, _ = tiff2vol(path)
            if status == 0:
                yield path.name, out


def three_ways(command, data, questions):
    """Standard output of a filter, the same on a pipe, on a file, and with statistics."""
    pathlib.Path("in.nrrd").write_bytes(data)
    run(["volstats", *questions, "in.nrrd", "-o", "in.stats"])
    piped = run(command, data)
    assert run([*command, "in.nrrd"]) == piped, (command, "a file")
    assert run([*command, "--stats", "in.stats"], data) == piped, (command, "--stats")
    return piped


def few_if_large(v, ways):
    return ways[:1] if v.size > 2e7 else ways


def check_voleq(name, data):
    v = parse(data).ravel()
    for options, bins in few_if_large(v, (([], 256), (["-b", "1000"], 1000))):
        out = parse(three_ways(["voleq", *options], data, ["-b", str(bins)]))
        assert out.tobytes() == exposure.equalize_hist(v, bins).tobytes(), (name, bins)


def check_volclip(name, data):
    v = parse(data).ravel()
    for options, q, to in few_if_large(v, (([], (0.5, 99.5), f32),
                                           (["-q", "2,90", "--to", "0,1"], (2, 90), (0.0, 1.0)))):
        limits = tuple(np.percentile(v, q))
        expected = exposure.rescale_intensity(v, limits, to)
        out = parse(three_ways(["volclip", *options], data, ["-q", f"{q[0]},{q[1]}"]))
        assert out.tobytes() == expected.tobytes(), (name, options)
        by_value = parse(run(["volclip", "-v", "%.17g,%.17g" % limits, *options[2:]], data))
        assert by_value.tobytes() == expected.tobytes(), (name, "-v")


def table(text):
    return np.array([[float(x) for x in line.split("\t")]
                     for line in text.decode().splitlines() if line[0] != "#"])


def check_volhist(name, data):
    v = parse(data).ravel()
    middle = (float(v.min()) + float(v.max())) / 2
    for options, bins, given in few_if_large(v, (
            ([], 256, None), (["-b", "7"], 7, None),
            (["-b", "100", "-r", f"0.05,{middle!r}"], 100, (0.05, middle)))):
        if given and not given[0] < given[1]:
            continue
        counts, edges = np.histogram(v, bins, given)
        text = run(["volhist", *options], data)
        run(["volstats", *(options or ["-b", "256"]), "-o", "in.stats"], data)
        assert run(["volhist", *options, "--from", "in.stats"]) == text, (name, options, "--from")
        found = table(text)
        assert (found[:, 0].astype(f32) == edges[:-1]).all() and (found[:, 1].astype(f32) == edges[1:]).all()
        assert (found[:, 2] == counts).all(), (name, options)
        assert np.allclose(found[:, 3], np.cumsum(counts) / max(1, counts.sum()), rtol=1e-15)
    q = (0, 0.5, 100 / 3, 50, 99.5, 100)
    asked = ",".join(map(repr, q))
    expected = [float(x) for x in np.percentile(v, q)]
    text = run(["volhist", "-q", asked], data)
    assert list(table(text)[:, 1]) == expected, name
    assert all(line.split("\t")[1] == "%.17g" % x
               for line, x in zip(text.decode().splitlines()[2:], expected))
    told = json.loads(run(["volhist", "--json", "-q", asked], data))
    assert told["percentiles"] == expected and told["samples"] == v.size
    assert f32(told["minimum"]) == v.min() and f32(told["maximum"]) == v.max()
    assert np.isclose(told["mean"], v.mean(dtype=float), rtol=1e-9)
    assert np.isclose(told["variance"], v.var(dtype=float), rtol=1e-9)


def main():
    warnings.simplefilter("ignore")
    check = {"voleq": check_voleq, "volclip": check_volclip, "volhist": check_volhist}[sys.argv[1]]
    seen = 0
    for name, data in volumes(sys.argv[2:]):
        check(name, data)
        seen += 1
    print(seen, "volumes")
    assert seen > 1


main()
