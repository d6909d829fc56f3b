load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    { stream "2 1 3" float "space dimension: 3" "space directions: (0.26,0,0) (0,0.26,0) (0,0,0.29)" \
        'space units: "microns" "microns" "microns"' "source type:=uint16" "history:=a b\\nc" "window:=0 1"
      floats 1 2 3 4 nan 6.5; } >in.nrrd
}

@test "the range as it was stored, of integers that were scaled" {
    tiff2vol "$DATA/nuclei_31x61x57_u16.tif" -o nuclei
    volinfo nuclei | grep -qx 'stored      104 to 375'
    volinfo --json nuclei | tr -d '\n ' | grep -q '"stored_range":\[104,375\]'
    volinfo --json nuclei | "$PYTHON" -m json.tool >/dev/null
    # not where samples are these, or are new ones, or of floats
    tiff2vol --raw "$DATA/nuclei_31x61x57_u16.tif" | volinfo >said
    volgamma -g 0.5 nuclei | volinfo >>said
    { stream 2; floats 0 1; } | volinfo >>said
    volinfo --header nuclei >>said
    lacks '^stored' said
    volcrop -p 3 nuclei | volinfo | grep -q '^stored'
    { stream "2 1 1" float "source type:=int16" "source scale:=32767"; floats -0.5 0; } | volinfo >said
    grep -qx 'stored      -16384 to 0' said
}

@test "a file of another kind: which kinds there are" {
    printf 'root:x:0:0\n' >passwd
    fails 1 "volinfo: passwd: is neither a volume nor a TIFF file: it begins with 'root:x:0', expected 'NRRD', 'II' or 'MM'" volinfo passwd
    cat passwd | fails 1 "volinfo: standard input: is neither a volume nor a TIFF file: *" volinfo
    printf 'NRRD0009\n' >later
    fails 1 "volinfo: later: *NRRD0009*" volinfo later
    : >empty
    fails 1 "volinfo: empty: *" volinfo empty
}

@test "text for people" {
    cat >expected <<'END'
shape       (3, 1, 2) plane, row, column
type        float32, from uint16
range       1 to 6.5
mean        3.3
NaN         1
spacing     (0.29, 0.26, 0.26) um
normalized  (1.11538, 1, 1)
memory      2.4e-05 MB as float32
history     a b
            c
window      0 1
END
    volinfo in.nrrd | diff - expected
    volinfo <in.nrrd | diff - expected
}

@test "JSON for programs" {
    need jq
    volinfo --json in.nrrd >out
    [ "$(jq -c '[.shape,.source_type,.minimum,.maximum,.mean,.nans,.spacing,.unit,.window,.history]' out)" = \
        '[[3,1,2],"uint16",1,6.5,3.3,1,[0.29,0.26,0.26],["um","um","um"],[0,1],["a b","c"]]' ]
    { stream "1" float 'a"b:=\x"'; floats 1; } | volinfo --json | jq -e '.spacing == [null,null,null]'
}

@test "--header reads no samples" {
    sed '/^$/q' in.nrrd >head.nrrd
    volinfo --header head.nrrd | grep -q '^shape  *(3, 1, 2)'
    volinfo --header head.nrrd >out
    lacks '^range' out
    fails 1 "volinfo: head.nrrd: stream ends in plane 0 of 3 (row 0)" volinfo head.nrrd
    [ ! -s stdout ]
}

@test "infinities and NaN are counted" {
    { stream "4"; floats inf 1 -inf nan; } | volinfo >out
    grep -qx 'range  *-inf to inf' out
    grep -qx 'infinite  *2' out
    grep -qx 'NaN  *1' out
    { stream "1"; floats nan; } | volinfo >out
    grep -qx 'NaN  *1' out
    lacks '^range' out
}

@test "a mean over many samples is exact" {
    { stream "100000"; perl -e 'print pack("f<*", (16777216, 1) x 50000)'; } | volinfo | grep -qx 'mean  *8388608.5'
    { stream "3"; floats 1e30 1 -1e30; } | volinfo | grep -qx 'mean  *0.3333333333333333.*'
}

@test "control characters are shown, not sent to the terminal; other alphabets pass" {
    esc=$(printf '\033')
    stream "2 1 1" float "name:=a${esc}[31mred" "wo:=Zürich, 東京" "bad:=$(printf 'x\377y')" >in
    floats 0 1 >>in
    volinfo in >out
    grep -qF 'name        a\x1b[31mred' out
    grep -qF 'wo          Zürich, 東京' out
    grep -qF 'bad         x\xffy' out
    lacks "$esc" out
}

@test "the origin stands in the order of its space, spacings are told in 6 digits" {
    stream "2 2 2" float "space: right-anterior-superior" \
        "space directions: (0,0.1,0) (0,0,0.30000000000000004) (0.2,0,0)" "space origin: (10,20,30)" >in
    floats 0 0 0 0 0 0 0 0 >>in
    volinfo in | grep -qx 'origin      (10, 20, 30) x, y, z'
    volinfo in | grep -qx 'spacing     (0.2, 0.3, 0.1)'
    [ "$(volinfo --json in | jq -c '[.origin, .spacing]')" = '[[10,20,30],[0.2,0.30000000000000004,0.1]]' ]
}

@test "contrast: scikit-image's is_low_contrast of the source type" {
    need_python numpy skimage
    cat >compare.py <<'END'
import json
import numpy as np
from skimage.exposure import is_low_contrast
from vol import run, stream
rng = np.random.default_rng(3)
for i in range(60):
    kind = rng.choice(["uint8", "uint16", "int16", "float32"])
    width = float(rng.choice([0.02, 0.049, 0.06, 0.1, 0.5]))
    v = 0.1 + rng.random((3, 20, 30)) * width
    most = {"uint8": 255, "uint16": 65535, "int16": 32767, "float32": 1}[kind]
    source = v.astype("f4") if kind == "float32" else np.rint(v * most).astype(kind)
    scaled = (source * (1 / most)).astype("f4")
    for samples in [scaled] if kind == "float32" else [scaled, source.astype("f4")]:
        facts = json.loads(run(["volinfo", "--contrast", "--json"], stream(samples, **{"source type": kind})))
        assert facts["low_contrast"] == is_low_contrast(source), (kind, width, facts)
        low, high = np.percentile(source.astype(float), [1, 99])
        whole = {"uint8": 255, "uint16": 65535, "int16": 65535, "float32": 2}[kind]
        assert abs(facts["contrast"] - (high - low) / whole) < 1e-4, (kind, facts)
END
    "$PYTHON" compare.py
    while read -r type letter range; do
        { stream "5 1 1" "$type"; perl -e 'print pack shift, 0, 1, 0, 1, 1' "$letter*"; } >mask
        volinfo --contrast mask | grep -q "^contrast .*, low: 0 to 1 of a range of $range$"
        volcrop --planes 0 mask | volinfo --contrast --json | grep -q '"low_contrast": true'
    done <<<"uint8 C 255
int8 c 255
uint16 S< 65535
int16 s< 65535
uint32 L< 4.29497e+09
int32 l< 4.29497e+09
uint64 Q< 1.84467e+19
int64 q< 1.84467e+19"
    # A mask that was made here is 0 to 1, whatever it was made from.
    tiff2vol "$CELLS" | volthreshold | volinfo --contrast | grep -qx 'contrast    1: 0 to 1 of a range of 1'
    { stream "5 1 1" float "source type:=uint12" "source scale:=1"; floats 0 1 2 3 205; } | volinfo --contrast |
        grep -q 'of a range of 4095$'
    { stream "5 1 1" float "source type:=uint12" "source scale:=4095"; floats 0 1 0 0 1; } | volinfo --contrast |
        grep -q 'of a range of 1$'
    { stream "5 1 1" float "source type:=uint16" "source scale:=4095"; floats 0 1 0 0 1.5; } |
        volinfo --contrast | grep -q 'of a range of 1$'
    { stream "5 1 1" float "source type:=uint16"; floats 0 0.01 0.02 0.03 0.04; } >dim
    volinfo --contrast dim | grep -qx 'contrast    0.0392, low: 0.0004 to 0.0396 of a range of 1'
    volinfo --contrast < <(cat dim) | cmp - <(volinfo --contrast dim)
    { stream "2 1 1"; floats nan nan; } | volinfo --contrast --json | grep -q '"contrast": null'
    fails 2 "volinfo: --contrast needs the samples, which --header leaves" volinfo --contrast --header dim
    fails 1 "volinfo: $CELLS: --contrast is for volumes; type instead: tiff2vol $CELLS | volinfo --contrast" volinfo --contrast "$CELLS"
}

@test "infinite samples: which of the two there are" {
    { stream 5; floats -inf -inf 0 1 2; } >low
    { stream 5; floats inf 0 0 1 2; } >high
    { stream 5; floats inf 0 0 1 -inf; } >both
    told() { volinfo "$1" | sed -n 's/^\(range\|mean\|infinite\) *//p' | paste -sd , -; }
    [ "$(told low)" = "-inf to 2,-inf,2" ]
    [ "$(told high)" = "0 to inf,inf,1" ]
    [ "$(told both)" = "-inf to inf,nan,2" ] || [ "$(told both)" = "-inf to inf,NaN,2" ]
}
