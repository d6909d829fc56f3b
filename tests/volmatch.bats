load helpers

row() { # row SAMPLE...: a stream of one row
    stream "$# 1 1"
    floats "$@"
}

@test "fixed results: scikit-image's example" {
    row 10 20 30 >reference
    [ "$(row 1 2 2 3 | volmatch --reference reference | samples | tr '\n' ' ')" = "10 22.5 22.5 30 " ]
    [ "$(row 5 5 | volmatch --reference reference | samples | tr '\n' ' ')" = "30 30 " ]
    row 7 >one
    [ "$(row 1 2 3 | volmatch --reference one | samples | tr '\n' ' ')" = "7 7 7 " ]
    [ "$(row -0 0 1 | volmatch --reference reference | samples | tr '\n' ' ')" = "20 20 30 " ]
}

@test "scikit-image's match_histograms on random volumes" {
    need_python numpy skimage
    run "$PYTHON" "$REFERENCE/match.py"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "real cells, gamma corrected, get their old histogram back" {
    tiff2vol "$CELLS" -o cells.nrrd
    volgamma -g 0.4 cells.nrrd -o bright.nrrd
    volmatch --reference cells.nrrd bright.nrrd | samples | cmp - <(samples <cells.nrrd)
    volstats cells.nrrd >stats
    volmatch --reference-stats stats bright.nrrd | samples | cmp - <(samples <cells.nrrd)
}

@test "NaN are not counted and stay; infinities are refused" {
    row 10 nan 20 30 >reference
    row 1 2 nan 2 3 >in
    volmatch --reference reference in 2>said | samples | tr '\n' ' ' >found
    [ "$(cat found)" = "10 22.5 NaN 22.5 30 " ]
    grep -qx 'volmatch: in: 1 NaN not counted, passed on' said
    row nan nan >nothing
    volmatch --reference reference nothing 2>/dev/null | samples | sort -u | cmp - <(echo NaN)
    fails 1 "volmatch: nothing: all samples are NaN" volmatch --reference nothing in
    row 1 inf >infinite
    fails 1 "volmatch: infinite: infinite sample at *" volmatch --reference infinite in
    fails 1 "volmatch: infinite: infinite sample at *" volmatch --reference reference infinite
}

@test "history and window" {
    row 10 20 30 >reference
    row 1 2 3 | volmatch --reference reference | volinfo --header >out
    grep -q '^window  *10 30$' out
    grep -q '^history  *volmatch --reference reference$' out
    { stream "2 1 1" float "window:=0 99"; floats 5 6; } >reference
    row 1 2 3 | volmatch --reference reference | volinfo --header | grep -q '^window  *0 99$'
}

@test "piped, any number of threads and vector level: the same bytes" {
    { stream "150 200 10"; perl -e 'srand 5; print pack "f<*", map { int(rand() ** 4 * 60000) / 65535 } 1..300000'; } >in
    { stream "15 20 10"; perl -e 'srand 6; print pack "f<*", map { int(rand() * 255) / 255 } 1..3000'; } >reference
    volmatch --reference reference -j 1 in -o out
    volmatch --reference reference -j 3 < <(cat in) | cmp - out
    volmatch --reference reference -j 3 in | cmp - out
    volmatch --reference - in < <(cat reference) | samples | cmp - <(samples <out)
}

@test "what can't be asked is refused" {
    row 1 2 >in
    fails 2 "volmatch: one of --reference and --reference-stats is needed" volmatch in
    fails 2 "volmatch: one of --reference and --reference-stats is needed" volmatch --reference in --reference-stats in in
    fails 1 "volmatch: none: No such file or directory" volmatch --reference none in
    { stream "100 100 10"; perl -e 'print pack "f<*", map { $_ / 3 } 1..100000'; } >many
    volstats many >stats
    fails 1 "volmatch: stats: more than 65536 different values, which no statistics list" volmatch --reference-stats stats in
    fails 2 "volmatch: standard input can be only one file, not FILE and --reference" volmatch --reference -
}

@test "more values than are listed: exact, in bounded memory" {
    need_python numpy skimage
    cat >compare.py <<'END'
import sys
import numpy as np
from skimage.exposure import match_histograms
from vol import parse, run, stream
rng = np.random.default_rng(3)
for i, (n, m) in enumerate([(200000, 150000), (100000, 1000), (1000, 150000), (90000, 80000)]):
    v, r = rng.normal(0, 1, n).astype("f4"), (rng.gamma(2, 1, m) * 10).astype("f4")
    if i == 3:
        v[::7], v[1::7], r[::5], r[1::5], v[5], v[6] = 0, -0.0, 0, -0.0, 1e-42, -1e-42
    v, r = v.reshape(-1, 100, 10), r.reshape(-1, 100, 10)
    with open("reference", "wb") as file:
        file.write(stream(r))
    found = parse(run(["volmatch", "--reference", "reference"], stream(v)))
    assert (found == match_histograms(v, r)).all(), i
with open("many", "wb") as file:
    file.write(stream(v))
END
    "$PYTHON" compare.py
    volmatch --reference reference many -o out
    volmatch --reference <(cat reference) < <(cat many) | samples | cmp - <(samples <out)
    volmatch -j 3 --reference reference many | cmp - out
    # NaN stay, and are not counted.
    { stream "1000 100 1"; perl -e 'srand 1; print pack "f<*", map rand, 1..99999'; floats nan; } >holed
    volmatch --reference reference holed 2>said | samples | tail -1 | grep -qx NaN
    grep -qx 'volmatch: holed: 1 NaN not counted, passed on' said
}

@test "only inside of a mask: as scikit-image matches the samples there; the others stay" {
    need_python numpy skimage
    cat >masks.py <<'END'
import os
import numpy as np
from skimage.exposure import match_histograms
from vol import parse, run, stream
rng = np.random.default_rng(7)
def write(name, v, *kind):
    with open(name, "wb") as file:
        file.write(stream(v.astype("f4"), *kind))
def check(v, r, v_mask, r_mask, *kind):
    write("in", v, *kind), write("reference", r), write("mask", v_mask), write("reference-mask", r_mask)
    inside = np.broadcast_to((v_mask if v_mask.ndim == v.ndim else v_mask[..., None]) != 0, v.shape)
    expected = v.copy()
    expected[inside] = match_histograms(v[inside], r[r_mask != 0])
    command = ["volmatch", "--mask", "mask", "--reference", "reference", "--reference-mask", "reference-mask"]
    assert (parse(run(command + ["in"])) == expected).all()
    with open("in", "rb") as file:
        assert (parse(run(command, file.read())) == expected).all()
data = os.environ["DATA"] + "/reports/match-masked"
v, r = parse(open(data + ".nrrd", "rb").read()), parse(open(data + "-reference.nrrd", "rb").read())
check(v, r, v != 0, r != 0)
for few in (True, False):
    v, r = rng.normal(0, 1, (20, 90, 100)).astype("f4"), rng.gamma(2, 1, (9, 130, 100)).astype("f4")
    colours = rng.normal(0, 1, (20, 90, 100, 3)).astype("f4")
    if few:
        v, r, colours = np.round(v, 2), np.round(r, 2), np.round(colours, 2)
    check(v, r, rng.random(v.shape) < 0.7, rng.random(r.shape) < 0.8)
    check(colours, r, rng.random((20, 90, 100)) < 0.7, rng.random(r.shape) < 0.8, "RGB-color")
END
    DATA=$DATA "$PYTHON" masks.py
    row 1 nan 3 9 >in
    row 1 1 1 0 >mask
    row 10 20 >reference
    [ "$(volmatch --mask mask --reference reference in 2>said | samples | tr '\n' ' ')" = "10 NaN 20 9 " ]
    grep -qx 'volmatch: in: 1 NaN not counted, passed on' said
    row 0 0 0 0 >nothing
    fails 1 "volmatch: nothing: leaves no sample to count" volmatch --mask nothing --reference reference in
    fails 1 "volmatch: reference: is 1 x 1 x 2 *" volmatch --mask reference --reference reference in
    fails 2 "volmatch: --reference-mask goes with --reference" volmatch --reference-stats x --reference-mask mask in
}

@test "many samples of near values are counted, few of far ones sorted; each volume is read a few times" {
    need_python numpy skimage
    cat >near.py <<'END'
import numpy as np
from skimage.exposure import match_histograms
from vol import parse, run, stream
rng = np.random.default_rng(5)
near = (1 + rng.random((10, 300, 200)) / 16).astype("f4")
near.ravel()[::3] = rng.choice(np.array([0, -0.0, 1e-41, -1e-41], "f4"), 200000)
far = rng.integers(0, 1 << 32, (5, 300, 200), dtype=np.uint32).view("f4")
far[~np.isfinite(far)] = 3
far[np.abs(far) > 1e30] = 5
for v, r in [(near, far), (far, near), (near, near[::-1] * 2)]:
    with open("reference", "wb") as file:
        file.write(stream(r))
    found = parse(run(["volmatch", "--reference", "reference"], stream(v)))
    assert (found == match_histograms(v, r)).all()
with open("in", "wb") as file:
    file.write(stream(near))
END
    "$PYTHON" near.py
    need strace
    ASAN_OPTIONS=detect_leaks=0 strace -f -y -e trace=pread64,read -o calls volmatch -j 1 --reference reference in >out
    for file in in reference; do # of 2.4 MB
        perl -ne '$n += $1 if m{/'$file'>.* = (\d+)$}; END { print $n / 2.4e6, "\n"; exit($n > 3.5 * 2.4e6) }' calls
    done
}

@test "-0 and 0 are one level, of either volume" {
    { stream 6; floats -0 -0 0 0 1 2; } >signed
    { stream 6; floats 0 0 0 0 1 2; } >plain
    { stream 6; floats -3 -0 0 0 4 5; } >reference
    { stream 6; floats -3 0 0 0 4 5; } >other
    volmatch --reference other plain | samples >wanted
    [ "$(sort -u wanted | wc -l)" -gt 1 ]
    volmatch --reference reference signed | samples | cmp - wanted
    volmatch --reference other signed | samples | cmp - wanted
    volmatch --reference reference plain | samples | cmp - wanted
}
