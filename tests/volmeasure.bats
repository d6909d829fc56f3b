load helpers

# column NAME: of a table on standard input, in one line
column() {
    awk -F'\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i }
        NR > 1 { printf "%s%s", sep, $c; sep = " " }'
}

small() { # two objects of a volume of 2 x 2 x 4
    stream "4 2 2" float 'space dimension: 3' 'space directions: (0.5,0,0) (0,0.5,0) (0,0,2)' \
        'space origin: (10,20,30)' 'space units: "um" "um" "um"' "$@"
    floats 1 1 0 7 1 0 0 7  0 0 0 7 0 0 0 0
}

brightness() {
    stream "4 2 2"
    floats 1 2 99 0.5 3 99 99 0.25  99 99 99 -1 99 99 99 99
}

@test "fixed results" {
    small >labels
    brightness >bright.nrrd
    volmeasure labels bright.nrrd >out
    [ "$(column label <out)" = "1 7" ]
    [ "$(column voxels <out)" = "3 3" ]
    [ "$(column volume <out)" = "1.5 1.5" ]
    [ "$(column plane <out)" = "0 0.3333333333333333" ]
    [ "$(column row <out)" = "0.3333333333333333 0.3333333333333333" ]
    [ "$(column column <out)" = "0.3333333333333333 3" ]
    [ "$(column x <out)" = "10.166666666666666 11.5" ]
    [ "$(column z <out)" = "30 30.666666666666668" ]
    [ "$(column plane_first <out) $(column plane_last <out)" = "0 0 1 2" ]
    [ "$(column row_first <out) $(column row_last <out)" = "0 0 2 2" ]
    [ "$(column column_first <out) $(column column_last <out)" = "0 3 2 4" ]
    [ "$(column faces <out)" = "4 5" ]
    [ "$(column euler <out)" = "1 1" ]
    [ "$(column min <out) $(column max <out)" = "1 -1 3 0.5" ]
    [ "$(column sum <out) $(column mean <out)" = "6 -0.25 2 -0.08333333333333333" ]
    [ "$(column sd <out)" = "0.816496580927726 0.6561673228343176" ]
    [ "$(column column_weighted <out)" = "0.3333333333333333 3" ]
    [ "$(wc -l <out)" = 3 ]
}

@test "Euler numbers: a ring, a hollow cube, two that touch at a corner" {
    { stream "3 3 1"; floats 1 1 1 1 0 1 1 1 1; } | volmeasure 2>/dev/null | column euler | grep -qx 0
    { stream "3 3 3"; perl -e 'print pack "f<*", map { $_ == 14 ? 0 : 1 } 1 .. 27'; } |
        volmeasure 2>/dev/null | column euler | grep -qx 2
    { stream "2 2 2"; floats 1 0 0 0 0 0 0 1; } | volmeasure 2>/dev/null | column euler | grep -qx 1
    { stream "4 1 1"; floats 1 0 0 1; } | volmeasure 2>/dev/null | column euler | grep -qx 2
}

@test "the surface of a ball is its own within a hundredth" {
    need_python numpy
    "$PYTHON" - <<'END'
import numpy as np
from vol import run, stream
for r, spacing in (5, (1, 1, 1)), (10, (1, 1, 1)), (8, (2, 1, 1)):
    n = [int(r / s) + 2 for s in spacing]
    z, y, x = (np.arange(-m, m + 1) * s for m, s in zip(n, spacing))
    ball = z[:, None, None] ** 2 + y[:, None] ** 2 + x ** 2 <= r * r
    names, values = (line.split("\t") for line in run(["volmeasure"], stream(ball, spacing=spacing)).decode().split("\n")[:2])
    found = float(values[names.index("surface")])
    assert abs(found / (4 * np.pi * r * r) - 1) < (0.01 if spacing[0] == 1 else 0.04), (r, found)
END
}

@test "several volumes of intensities, TSV, CSV, JSON, a pipe" {
    small >labels
    brightness >a.nrrd
    volmath 'a * 2' a.nrrd >b.nrrd
    mkdir in && cp b.nrrd 'in/c,d.nrrd'
    volmeasure labels a.nrrd b.nrrd >out
    [ "$(column mean:a <out) $(column mean:b <out)" = "2 -0.08333333333333333 4 -0.16666666666666666" ]
    volmeasure - a.nrrd b.nrrd <labels | cmp - out
    volmeasure labels a.nrrd - <b.nrrd | column mean:- | grep -qx '4 -0.16666666666666666'
    volmeasure --csv labels a.nrrd 'in/c,d.nrrd' | head -n 1 | grep -q ',"mean:c,d",'
    volmeasure --csv labels | sed -n 2p | grep -q '^1,3,1.5,0,0.333'
    volmeasure --json labels a.nrrd | perl -MJSON::PP -0777 -ne '$j = decode_json $_;
        exit !($j->{unit} eq "um" && $j->{objects}[1]{label} == 7 && $j->{objects}[1]{max} == 0.5)'
    fails 1 "volmeasure: a.nrrd and ./a.nrrd give columns the same name: *" volmeasure labels a.nrrd ./a.nrrd
}

@test "no objects: a table without lines" {
    { stream "2 1 1"; floats 0 0; } >none
    [ "$(volmeasure none 2>/dev/null | wc -l)" = 1 ]
    volmeasure --json none 2>/dev/null | perl -MJSON::PP -0777 -ne 'exit @{decode_json($_)->{objects}} != 0'
    [ "$(volmeasure --paint volume none 2>/dev/null | samples | sort -u)" = 0 ]
}

@test "painted: each object has its value" {
    small >labels
    brightness >b.nrrd
    [ "$(volmeasure --paint max labels b.nrrd | samples | tr '\n' ' ')" = "3 3 0 0.5 3 0 0 0.5 0 0 0 0.5 0 0 0 0 " ]
    volmeasure --paint max - b.nrrd <labels | cmp - <(volmeasure --paint max labels b.nrrd)
    volmeasure --paint max labels b.nrrd | volinfo --header >said
    lacks '^labels' said
    fails 1 "volmeasure: there is no column 'size' in the table" volmeasure --paint size labels
}

@test "samples that are no labels, with their place" {
    refuse() { # refuse SAMPLE MESSAGE
        { stream "2 2 2"; floats 1 0 0 0 0 0 "$1" 0; } >in
        fails 1 "volmeasure: in: sample $1 at plane 1, row 1, column 0 is no label: $2" volmeasure in
    }
    refuse -1 "they go from 0 to 16777215"
    refuse nan "they go from 0 to 16777215"
    refuse 16777216 "they go from 0 to 16777215"
    refuse 1.5 "labels are whole numbers"
    refuse 0.25 "labels are whole numbers (those of a TIFF are read with tiff2vol --raw)"
    { stream "2 1 1" float labels:=3; floats 3 4; } >in
    fails 1 "volmeasure: in: sample 4 at plane 0, row 0, column 1 is no label: they go from 0 to 3" volmeasure in
    { stream "2 1 1" float labels:=16777216; floats 3 16777216; } >in
    [ "$(volmeasure in 2>/dev/null | column label)" = "3 16777216" ]
}

@test "volumes that lie on another grid are refused; channels too" {
    small >labels
    { stream "4 2 1"; floats 1 1 1 1 1 1 1 1; } >b
    fails 1 "volmeasure: b: is 1 x 2 x 4 (planes, rows, columns), but labels is 2 x 2 x 4" volmeasure labels b
    small | volset --spacing 2,0.5,0.25 -o b
    fails 1 "volmeasure: b: has steps of 0.25 along the column axis, or in another direction, but labels of 0.5" volmeasure labels b
    small | volset --unit mm -o b
    fails 1 "volmeasure: b: has steps in mm along the plane axis, but labels in um" volmeasure labels b
    small | volset --origin 10,20,30.5 -o b
    fails 1 "volmeasure: b: lies elsewhere: it begins at *" volmeasure labels b
    volcrop --planes 0 labels | sed 's/^sizes: .*/sizes: 2 2 2 2/; s/^dimension: 3/dimension: 4/; s/^kinds: /kinds: vector /; s/^space dir.*//; s/^space dim.*//' >c
    small | volset --spacing 2,0.5,0.5 -o same
    volmeasure labels same >out
}

@test "NaN are left out, which is said; infinities are refused" {
    small >labels
    { stream "4 2 2"; floats nan 2 inf 0.5 3 0 0 0.25  0 0 0 nan 0 0 0 0; } >b.nrrd
    volmeasure labels b.nrrd >out 2>said
    [ "$(cat said)" = "volmeasure: 2 samples in objects are NaN and left out" ]
    [ "$(column mean <out)" = "2.5 0.375" ]
    { stream "4 2 2"; floats nan nan 0 0.5 nan 0 0 inf  0 0 0 1 0 0 0 0; } >b.nrrd
    fails 1 "volmeasure: b.nrrd: infinite sample at plane 0, row 1, column 3" volmeasure labels b.nrrd
    { stream "4 2 2"; floats nan nan 0 0.5 nan 0 0 1  0 0 0 1 0 0 0 0; } >b.nrrd
    [ "$(volmeasure labels b.nrrd 2>/dev/null | column mean)" = "nan 0.8333333333333334" ]
}

@test "slabs: their measurements are those of the whole; what does not fit is refused" {
    stream "9 8 7" float 'space dimension: 3' 'space directions: (0.5,0,0) (0,0.5,0) (0,0,2)' 'space units: "um" "um" "um"' >labels
    perl -e 'srand 3; print pack "f<*", map { rand() < 0.6 ? 1 + int rand 4 : 0 } 1 .. 504' >>labels
    { stream "9 8 7"; perl -e 'srand 4; print pack "f<*", map { rand() * 2 ** (int rand 60) } 1 .. 504'; } >bright
    volmeasure labels bright >whole
    for count in 1 3 7; do
        mkdir $count
        for ((k = 1; k <= count; k++)); do
            volcrop --part $k/$count labels -o $count/labels
            volcrop --part $k/$count bright -o $count/bright
            volmeasure --slab $count/labels $count/bright -o $count/$k.measures
        done
        volmeasure --merge $count/*.measures | cmp - whole
    done
    fails 1 "volmeasure: planes 0:3 of 7 are missing" volmeasure --merge 3/2.measures 3/3.measures
    fails 1 "volmeasure: 3/1.measures: planes 0:3 of 7 are there twice" volmeasure --merge 3/1.measures 3/1.measures
    sed 's/^columns: 9/columns: 8/' 3/1.measures >bad
    fails 1 "volmeasure: bad: is damaged: checksum *" volmeasure --merge bad
    fails 2 "volmeasure: --merge prints a table: no --slab, no --paint" volmeasure --merge --paint mean 3/1.measures
    volcrop --part 1/3 labels | volmeasure 2>&1 >/dev/null | grep -q 'is planes 0:3 of 7: what is measured is of these alone'
}
