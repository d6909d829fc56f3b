# Masks and labels: the notes that say so, through every program and back to TIFF.
load helpers

# small NOTE...: 2 planes of 4 x 4, 0 to 3, with these notes.
small() {
    stream "4 4 2" float "$@" 'space dimension: 3' 'space directions: (1,0,0) (0,1,0) (0,0,1)'
    # shellcheck disable=SC2046 # numbers
    floats $(for i in $(seq 0 31); do echo $((i % 4)); done)
}

# noted FILE: its notes of masks and labels, in one line.
noted() {
    sed '/^$/q' "$1" | grep -a '^mask:=\|^labels:=' | tr '\n' ' ' || :
}

@test "thresholds and comparisons make masks, of labels too" {
    small 'labels:=3' >in
    local made
    for made in "volthreshold in" "volthreshold -v 1 in" "volmath a>1 in" "volmath !a in" "volmath a>1&&a<3 in"; do
        $made >out
        [ "$(noted out)" = "mask:=1 " ]
        grep -aqx 'window:=0 1' out
    done
}

@test "what keeps samples keeps masks and labels; blends, maps and new samples do not" {
    local note program
    for note in mask:=1 labels:=3; do
        small "$note" >in
        for program in "volcrop -p 1:2" "volaxes --flip row" "volset --unit um" "volcat in" \
            "volbin --factors 2 --by max" "volproject --min" "volmedian --size 3" \
            "volmorph --close" "volresample --size 3,3,3"; do
            $program in >out
            [ "$(noted out)" = "$note " ]
        done
        for program in "volproject --sum" "volgamma -g 2" "voladjust --log" "volclip -v 1,2" voleq "volclahe --range 0,3" \
            "voldistance --voxels" "volmatch --reference in"; do
            $program in >out
            [ "$(noted out)" = "" ]
        done
    done
    small mask:=1 >in
    for program in "volgauss --sigma 1" "volbin --factors 2" "volproject --median"; do
        $program in >out
        [ "$(noted out)" = "" ]
    done
}

@test "joined labels are labels up to the largest; joined with others they are none" {
    small labels:=3 >three
    small labels:=70 >seventy
    small mask:=1 >mask
    small >gray
    volcat three seventy three | noted /dev/stdin | grep -qx "labels:=70 "
    volcat seventy three | noted /dev/stdin | grep -qx "labels:=70 "
    volcat mask mask | noted /dev/stdin | grep -qx "mask:=1 "
    local other
    for other in mask gray; do
        volcat three $other >out
        [ "$(noted out)" = "" ]
        volcat $other three >out
        [ "$(noted out)" = "" ]
    done
}

# stored FILE OPTION...: the type that vol2tiff chooses, and the numbers that it writes.
stored() {
    vol2tiff --verbose "$@" -o out.tif 2>&1 | sed -n 's/.* as //p'
    tiff2vol --raw out.tif | samples | xargs
}

@test "a mask becomes 0 and 255" {
    { stream "5 1 1" float 'mask:=1' 'source type:=uint16' 'source scale:=65535 changed'; floats 0 1 0.25 -3 nan; } >in
    [ "$(stored in | xargs)" = "uint8 0 255 255 255 255" ]
    [ "$(stored in --raw | xargs)" = "uint8 0 1 1 1 1" ]
    [ "$(stored in --type uint16 | xargs)" = "uint16 0 65535 65535 65535 65535" ]
    [ "$(stored in --nan 7 | xargs)" = "uint8 0 255 255 255 7" ]
    [ "$(stored in --type float32 | xargs)" = "float32 0 1 0.25 -3 NaN" ]
    vol2tiff <(small) --type uint16 --raw -o cells.tif # 1 to 3 of 65535
    tiff2vol cells.tif | volthreshold -v 0.00002 >mask
    [ "$(stored mask)" = "$(echo uint8; for _ in $(seq 8); do printf '0 0 255 255 '; done | sed 's/ $//')" ]
    tiff2vol out.tif | volmath 'a == b' - mask | volinfo --json | grep -q '"minimum": 1'
}

@test "labels become the smallest integers that hold them, as they are" {
    labels() { # labels N SAMPLE...
        { stream "$(($# - 1)) 1 1" float "labels:=$1"; floats "${@:2}"; } >in
    }
    labels 255 0 1 255
    [ "$(stored in | xargs)" = "uint8 0 1 255" ]
    [ "$(stored in --raw --type uint16 | xargs)" = "uint16 0 1 255" ]
    labels 256 0 1 256
    [ "$(stored in | xargs)" = "uint16 0 1 256" ]
    labels 65536 0 65536
    [ "$(stored in | xargs)" = "uint32 0 65536" ]
    labels 16777216 0 7 16777216
    [ "$(stored in | xargs)" = "uint32 0 7 16777216" ]
    [ "$(stored in --compress deflate | xargs)" = "uint32 0 7 16777216" ]
    [ "$(stored in --dialect ome | xargs)" = "uint32 0 7 16777216" ]
    [ "$(stored in --type float32 | xargs)" = "float32 0 7 16777216" ]
    [ "$(stored in --type uint8 --window 0,16777216 | xargs)" = "uint8 0 0 255" ]
    labels 0 0 0
    [ "$(stored in | xargs)" = "uint8 0 0" ]
    local wrong
    for wrong in 16777217 -1 x 5.5 ''; do # notes of another meaning
        labels "$wrong" 0 1
        [ "$(stored in | xargs)" = "float32 0 1" ]
    done
    { stream "2 1 1" float mask:=0; floats 0 1; } >in
    [ "$(stored in | xargs)" = "float32 0 1" ]
    labels 300 0 300
    fails 1 "vol2tiff: in: uint8 takes labels, whole numbers from 0 to 255 (or --saturate*), not 300 at plane 0, row 0, column 1" \
        vol2tiff --type uint8 in -o no.tif
    labels 5 0 0.5
    fails 1 "vol2tiff: in: uint8 takes labels, whole numbers from 0 to 255 *, not 0.5 at *" vol2tiff in -o no.tif
    labels 5 0 -1
    fails 1 "vol2tiff: in: uint8 takes labels, *, not -1 at *" vol2tiff in -o no.tif
    labels 70000 $(seq 0 70 69999)
    [ "$(stored in | tail -n 1)" = "$(seq 0 70 69999 | xargs)" ]
    labels 70000 $(seq 0 70 69999) 0.5 $(seq 500)
    fails 1 "vol2tiff: in: uint32 takes labels, * not 0.5 at plane 0, row 0, column 1000" vol2tiff in -o no.tif
    [ ! -e no.tif ]
}

@test "uint32 takes numbers as they are, to the last one that a float holds" {
    { stream "5 1 1"; floats 0 0.5 1.5 65537 4294967040; } >in
    [ "$(stored in --type uint32 --raw | xargs)" = "uint32 0 0 2 65537 4.29496704e+09" ]
    { stream "1 1 1"; floats 4294967296; } >beyond
    fails 1 "vol2tiff: beyond: uint32 takes samples from 0 to 4294967040 *" vol2tiff --type uint32 --raw beyond -o no.tif
    [ "$(stored beyond --type uint32 --raw --saturate | head -n 1)" = uint32 ]
    [ "$(od -An -tu4 -j 16 -N 4 out.tif | xargs)" = 4294967295 ]
    fails 1 "vol2tiff: --type uint32: takes numbers as they are: add --raw, *" vol2tiff --type uint32 in -o no.tif
    [ ! -e no.tif ]
}

@test "tifffile reads masks and labels as integers" {
    need_python numpy tifffile
    small mask:=1 >mask
    vol2tiff mask -o mask.tif
    small labels:=70000 >labels
    vol2tiff labels -o labels.tif
    vol2tiff labels --compress deflate --dialect ome -o ome.tif
    "$PYTHON" - <<'EOF'
import numpy as np, tifffile
wanted = np.arange(32).reshape(2, 4, 4) % 4
mask, labels, ome = map(tifffile.imread, ("mask.tif", "labels.tif", "ome.tif"))
assert mask.dtype == np.uint8 and np.array_equal(mask, 255 * (wanted > 0)), mask
assert labels.dtype == ome.dtype == np.uint32
assert np.array_equal(labels, wanted) and np.array_equal(ome, wanted)
EOF
}

@test "labels are not blended: refused, by the most frequent one, or the nearest" {
    small labels:=3 >in
    for program in "volgauss --sigma 1" "volbin -f 2 --by mean" "volbin -f 2 --by median" "volproject --mean"; do
        # shellcheck disable=SC2086 # words
        fails 1 "${program%% *}: the samples are labels, between which there is nothing (*" $program in
    done
    { stream "4 2 1" float labels:=9; floats 9 1 nan 2  9 1 7 7; } >in
    volbin -f 1,2,2 in >out
    [ "$(samples <out | tr '\n' ' ') $(noted out)" = "1 7  labels:=9 " ]
    [ "$(volbin -f 1,2,2 --by first in | samples | tr '\n' ' ')" = "9 2 " ]
    [ "$(volbin -f 1,2,3 --by mode --partial in | samples | tr '\n' ' ')" = "1 2 " ]
    volset --drop labels in | volbin -f 1,2,2 | samples | head -n 1 | grep -qx 5
}

@test "volmath knows what stays labels, and what is a mask" {
    small labels:=3 >labels
    small mask:=1 >mask
    is() { # is "NOTES" EXPRESSION FILE...
        volmath "${@:2}" >out 2>/dev/null
        [ "$(noted out)" = "$1" ] || { echo "$2: $(noted out)"; return 1; }
    }
    is "labels:=3 " a labels
    is "labels:=3 " 'a * b' labels mask
    is "labels:=3 " 'b > 0 && a ? a : 0' labels mask
    is "labels:=7 " 'max(a, 7)' labels
    is "labels:=303 " 'a + 100 * b' labels labels
    is "labels:=2 " 'min(round(a), 2)' labels
    is "" 'a / 2' labels
    is "" 'a - 1' labels
    is "" 'a * 1e9' labels
    is "" 'a * 0.5' labels
    is "" 'sqrt(a)' labels
    is "mask:=1 " 'a == 2' labels
    is "mask:=1 " '!a' labels
    is "mask:=1 " 'a * (b == 1)' mask labels
    is "mask:=1 " 'a > 0 ? 1 : 0' labels
    is "" 'a + b' mask mask
    is "" a <(small)
}
