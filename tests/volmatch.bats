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
