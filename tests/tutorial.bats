# The tutorial's Makefile and the page it writes.
load helpers

# tutorial FOLDER [ARG...]: every figure and the page, several jobs at once, into FOLDER.
tutorial() {
    local folder=$1
    shift
    env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -j4 -f "$ROOT/tests/tutorial.mk" \
        BIN="$B" STACK="$CELLS" OUT="$folder" "$@" >said 2>complaints
}

# links: what a page refers to, one a line.
links() {
    grep -o '\(src\|href\)="[^"]*"' "$1" | sed 's/^[a-z]*="//; s/"$//' | sort -u
}

@test "the page has every step in the tutorial's order, and refers to files that are there" {
    tutorial demo
    [ ! -s complaints ] || { cat complaints; return 1; }
    sed -n 's/^<h2 id="\([a-z]*\)".*/\1/p' demo/index.html >steps
    printf '%s\n' load spacing plane views montage pipes explore gamma equalize histograms clip local noise count |
        diff - steps
    links demo/index.html >files
    [ "$(wc -l <files)" -ge 16 ]
    while read -r file; do
        [ -s "demo/$file" ] || { echo "not there: $file"; return 1; }
    done <files
    lacks '//' files
    lacks '<script' demo/index.html
    [ "$(grep -c '<img ' demo/index.html)" -eq "$(grep -c '<img [^>]*alt="[^"]' demo/index.html)" ]
}

@test "the page shows what was run and what was printed, escaped" {
    tutorial demo SPACING=0.5,0.125,0.125
    grep -qF 'tiff2vol --spacing 0.5,0.125,0.125 --unit um --downsampled 1,8,8' demo/index.html
    grep -qF '! vol2png cells.nrrd &gt;refused.png 2&gt;refused.txt' demo/index.html
    grep -qF 'volhist --svg --bins 32 --title &quot;Gamma = 0.5&quot; gamma-0.5.nrrd' demo/index.html
    grep -qF 'vol2png: cells.nrrd: Invalid shape (30, 126, 126) for image data' demo/index.html
    grep -qF 'microscope  (0.5, 0.125, 0.125) um' demo/index.html
    while read -r line; do
        grep -qF -- "$line" demo/index.html || { echo "not shown: $line"; return 1; }
    done < <(cat demo/facts.txt demo/spacing.txt demo/limits.txt demo/tiles.txt)
}

@test "twice the same bytes, in whatever folder" {
    tutorial one
    tutorial two
    diff -r -x refused.txt one two # which names its folder
}

@test "nothing is left to do the second time" {
    tutorial demo
    env -u MAKEFLAGS -u MAKELEVEL make -q -f "$ROOT/tests/tutorial.mk" BIN="$B" STACK="$CELLS" OUT=demo \
        demo/index.html
}

@test "the Makefile copied alone makes the figures with programs on PATH, and no page" {
    cp "$ROOT/tests/tutorial.mk" .
    env -u MAKEFLAGS -u MAKELEVEL make -s -j4 -f tutorial.mk STACK="$CELLS" OUT=mine >said
    [ -s mine/montage.png ] && [ -s mine/explore.html ]
    [ ! -e mine/index.html ]
}

@test "a page is not written when a figure's command is missing" {
    mkdir demo
    fails 1 "tutorial_page.sh: no command makes demo/cells.nrrd" \
        "$ROOT/tests/tutorial_page.sh" demo </dev/null
}

@test "a stack and a folder with characters of the shell in their names" {
    cp "$CELLS" 'my stack;touch Y;$x.tif'
    tutorial plain
    tutorial "it's \$me" STACK='my stack;touch Y;$x.tif' && return 1
    grep -q "OUT: make can't hold the name 'it's \$me'" complaints
    tutorial "it's_\$me" STACK='my stack;touch Y;$x.tif'
    [ ! -e Y ] && [ -s "it's_\$me/index.html" ]
    cmp "it's_\$me/limits.txt" plain/limits.txt
    grep -qF "1,8,8 'my stack;touch Y;\$x.tif' -o cells.nrrd" "it's_\$me/index.html"
}

@test "the nuclei that are counted are scikit-image's, voxel by voxel" {
    need_python numpy scipy skimage
    tutorial demo
    "$PYTHON" -W ignore - <<'END'
import numpy as np
import scipy.ndimage as ndi
from skimage import filters, measure, morphology, segmentation
from vol import parse

def volume(name):
    return parse(open(f"demo/{name}.nrrd", "rb").read())

spacing = np.array([0.58, 0.52, 0.52])
cells, mask, depth, markers, grown, nuclei = map(volume, "cells mask depth markers grown nuclei".split())
smooth = ndi.gaussian_filter(cells, 0.5 / spacing, mode="nearest")
expected = np.stack([ndi.binary_fill_holes(plane) for plane in smooth > filters.threshold_otsu(smooth)])
assert np.array_equal(mask != 0, expected), (mask != expected).sum()
deep = ndi.distance_transform_edt(expected, sampling=spacing).astype(np.float32)
assert np.allclose(depth, ndi.gaussian_filter(deep, 1 / spacing, mode="nearest"), rtol=0, atol=1e-6)
window = np.ones([2 * int(3 / s) + 1 for s in spacing])
peaks = (depth == ndi.maximum_filter(depth, footprint=window)) & expected
assert np.array_equal(markers, ndi.label(peaks, np.ones((3, 3, 3)))[0])
assert np.array_equal(grown, segmentation.watershed(-depth, markers.astype(int), mask=expected))
parts = measure.label(grown.astype(int), connectivity=3)
sizes = np.bincount(parts.ravel())
kept = [n for n in range(1, len(sizes)) if sizes[n] * spacing.prod() >= 20]
table = np.zeros(len(sizes))
table[kept] = range(1, len(kept) + 1)
assert np.array_equal(nuclei, table[parts])
rows = open("demo/nuclei.tsv").read().split("\n")[1:-1]
assert len(rows) == len(kept) > 10
for row, region in zip(rows, measure.regionprops(nuclei.astype(int), cells)):
    values = row.split("\t")
    assert int(values[1]) == region.area and abs(float(values[20]) - region.intensity_mean) < 1e-6
END
}
