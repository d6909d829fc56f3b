#!/usr/bin/python3
"""A job as a user of scikit-image writes it, on float32 in 0..1.

skimage_job.py JOB IN [OUT]   JOB: floats gamma=G window equalize clip clahe median gauss
                              erode-box erode-ball tophat resample distance threshold match sigmoid
                              difference project deviation bin join flip transpose
                              histogram percentiles planes montage views chain first
IN is a TIFF, a NRRD, or - for a NRRD in a pipe; it is read as a whole first. OUT is a file
or, of planes and chain, a folder; default standard output. histogram and percentiles say on standard
error how many seconds of wall and CPU numpy's call itself took."""
import os
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")


def shape_of(file):
    """Reads the header up to its empty line."""
    lines = list(iter(lambda: file.readline().strip(), b""))
    sizes = next(line for line in lines if line.startswith(b"sizes: "))
    return tuple(int(n) for n in sizes.split()[:0:-1])


def load(path):
    if path == "-":
        v = np.empty(shape_of(sys.stdin.buffer), "<f4")
        sys.stdin.buffer.readinto(v)
        return v
    if path.endswith(".nrrd"):
        with open(path, "rb") as file:
            shape = shape_of(file)
            return np.fromfile(file, "<f4").reshape(shape)
    import tifffile
    v = tifffile.imread(path)
    return v / np.float32(65535) if v.dtype == np.uint16 else v.astype(np.float32)


def gamma(v, exponent=0.5):
    from skimage import exposure
    return exposure.adjust_gamma(v, float(exponent))


def window(v, low=0.1, high=0.9):
    from skimage import exposure
    return exposure.rescale_intensity(v, in_range=(low, high), out_range=(0.0, 1.0))


def equalize(v):
    from skimage import exposure
    return exposure.equalize_hist(v)


def clip(v):
    return window(v, *np.percentile(v, (0.5, 99.5)))


def clahe(v):
    from skimage import exposure
    return exposure.equalize_adapthist(v)


def median(v):
    from skimage import filters
    return filters.median(v)


def gauss(v):
    from skimage import filters
    return filters.gaussian(v, 2)


def erode_box(v):
    import scipy.ndimage
    return scipy.ndimage.grey_erosion(v, 21)


def erode_ball(v):
    from skimage import morphology
    return morphology.erosion(v, morphology.ball(4))


def distance(v):
    import scipy.ndimage
    return scipy.ndimage.distance_transform_edt(v > 0.5).astype(np.float32)


def label(v):
    from skimage import measure
    return measure.label(v > 0.5).astype(np.float32)


def fill(v):
    import scipy.ndimage
    return scipy.ndimage.binary_fill_holes(v > 0.5).astype(np.float32)


def measured(v):
    from skimage import measure
    table = measure.regionprops_table(measure.label(v > 0.5), v, properties=(
        "label", "area", "centroid", "bbox", "euler_number", "intensity_min", "intensity_max", "intensity_mean"))
    names = list(table)
    rows = zip(*(table[name] for name in names))
    return "\n".join(["\t".join(names), *("\t".join(map(str, row)) for row in rows), ""])


def resample(v):
    from skimage import transform
    return transform.resize(v, (2 * len(v), *v.shape[1:]), order=1, mode="edge", anti_aliasing=False)


def tophat(v):
    from skimage import morphology
    return morphology.white_tophat(v, morphology.ball(4))


def threshold(v):
    from skimage import filters
    return (v > filters.threshold_otsu(v)).astype(np.float32)


def match(v):
    from skimage import exposure
    return exposure.match_histograms(v, v)


def sigmoid(v):
    from skimage import exposure
    return exposure.adjust_sigmoid(v)


def difference(v):
    return np.maximum(v - v.copy(), np.float32(0))


def project(v):
    return v.max(0, keepdims=True)


def deviation(v):
    return v.std(0, ddof=1, keepdims=True)


def bins(v):
    from skimage import transform
    return transform.downscale_local_mean(v, (2, 2, 2))


def join(v):
    return np.concatenate([v, v])


def flip(v):
    return v[::-1]


def transpose(v):
    return v.transpose(2, 0, 1)


def timed(call, *arguments):
    wall, cpu = time.perf_counter(), time.process_time()
    answer = call(*arguments)
    print("call", time.perf_counter() - wall, time.process_time() - cpu, file=sys.stderr)
    return answer


def histogram(v):
    counts, edges = timed(np.histogram, v, 256)
    return "".join("%.9g %d\n" % pair for pair in zip(edges, counts))


def percentiles(v):
    return "%.17g %.17g\n" % tuple(timed(np.percentile, v, (0.5, 99.5)))


def save(path, picture):
    from skimage import io
    io.imsave(path, picture, check_contrast=False)


def planes(v, folder):
    from skimage import util
    for k, plane in enumerate(v):
        save(os.path.join(folder, "plane-%04d.png" % k), util.img_as_ubyte(plane))


def montage(v, path):
    from skimage import util
    save(path, util.montage(util.img_as_ubyte(v[:30]), grid_shape=(5, 6)))


def views(v, path):
    from skimage import util
    cuts = [v[len(v) // 2], v[:, v.shape[1] // 2], v[:, :, v.shape[2] // 2]]
    tall = max(len(cut) for cut in cuts)
    cuts = [np.pad(util.img_as_ubyte(cut), ((4, tall - len(cut) + 4), (4, 4)), constant_values=255)
            for cut in cuts]
    save(path, np.hstack(cuts))


def first(v, path):
    from skimage import util
    from PIL import Image
    Image.fromarray(util.img_as_ubyte(gamma(v)[0])).save(path, "PNG")


FILTERS = {"floats": lambda v: v, "gamma": gamma, "window": window, "equalize": equalize, "clip": clip,
           "clahe": clahe, "median": median, "gauss": gauss, "erode-box": erode_box,
           "erode-ball": erode_ball, "tophat": tophat, "resample": resample, "label": label, "fill": fill, "distance": distance,
           "threshold": threshold, "match": match, "sigmoid": sigmoid, "difference": difference, "project": project,
           "deviation": deviation, "bin": bins, "join": join, "flip": flip, "transpose": transpose}
TEXTS = {"histogram": histogram, "percentiles": percentiles, "measure": measured}
PICTURES = {"planes": planes, "montage": montage, "views": views, "first": first,
            "chain": lambda v, folder: planes(clip(equalize(gamma(v))), folder)}


def main():
    job, _, value = sys.argv[1].partition("=")
    out = sys.argv[3] if len(sys.argv) > 3 else "/dev/stdout"
    v = load(sys.argv[2])
    if job in PICTURES:
        PICTURES[job](v, out)
    elif job in TEXTS:
        with open(out, "w") as file:
            file.write(TEXTS[job](v))
    else:
        answer = FILTERS[job](v, *([value] if value else []))
        with open(out, "wb", buffering=0) as file:
            file.write(memoryview(np.ascontiguousarray(answer)).cast("B"))


if __name__ == "__main__":
    main()
