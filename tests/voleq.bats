load helpers

gray() { # gray N...: a stream of one row
    stream "$#"
    floats "$@"
}

@test "fixed results: scikit-image's" {
    [ "$(gray 0 1 2 3 10 | voleq -b 4 | samples | tr '\n' ' ')" = "0.600000024 0.600000024 0.660000026 0.74000001 1 " ]
    [ "$(gray 7 7 7 | voleq | samples | tr '\n' ' ')" = "0.5 0.5 0.5 " ]
    [ "$(gray 0 0 | voleq | samples | tr '\n' ' ')" = "0.5 0.5 " ]
    [ "$(gray 1e9 1e9 | voleq | samples | tr '\n' ' ')" = "1 1 " ]
    [ "$(gray 3 | voleq -b 1 | samples)" = 1 ]
}

@test "a mask says what is counted; everything is mapped" {
    gray 0 1 2 3 10 >in
    gray 0 1 1 1 0 >mask
    [ "$(voleq -b 4 --mask mask in | samples | tr '\n' ' ')" = "0.333333343 0.333333343 0.5 1 1 " ]
    [ "$(cat in | voleq -b 4 --mask <(cat mask) | samples | tr '\n' ' ')" = "0.333333343 0.333333343 0.5 1 1 " ]
    gray 0 nan -1 0.5 0 >mask
    [ "$(voleq -b 4 --mask mask in | samples | tr '\n' ' ')" = "0.333333343 0.333333343 0.5 1 1 " ]
    gray inf 1 2 nan -inf >in
    voleq -b 4 --mask mask in 2>said | samples | tr '\n' ' ' | grep -qi '^1 0.5 1 -\?nan 0.5 $'
    [ "$(cat said)" = "voleq: in: 1 NaN not counted, passed on" ]
    { stream "3 2 1 1" float "kinds: vector domain domain domain"; floats 0 1 9 2 3 9; } >in
    { stream "2 1 1"; floats 1 0; } >mask
    voleq --pool-channels --mask mask in | samples | tail -n 1 | grep -qx 1
    gray 0 0 >mask
    fails 1 "voleq: mask: is 1 x 1 x 2 (planes, rows, columns), but the volume is 1 x 2 x 1" voleq --mask mask <(stream "1 2 1"; floats 1 2)
    gray 1 2 >in
    fails 1 "voleq: mask: leaves no sample to count" voleq --mask mask in
    gray 0 >mask
    fails 1 "voleq: mask: is 1 x 1 x 1*" voleq --mask mask in
}

@test "a range" {
    [ "$(gray -5 0 1 2 3 4 9 | voleq -b 4 -r 0,4 | samples | tr '\n' ' ')" = "0.200000003 0.200000003 0.300000012 0.5 0.800000012 1 1 " ]
    fails 1 "voleq: no sample lies in the range 5 to 6" voleq -r 5,6 <(gray 1 2)
}

@test "NaN pass, with a note; infinities are refused with their place" {
    gray nan 1 2 nan | voleq 2>said | samples | tr '\n' ' ' | grep -qi '^-\?nan 0.5 1 -\?nan $'
    [ "$(cat said)" = "voleq: standard input: 2 NaN not counted, passed on" ]
    gray nan nan | voleq 2>/dev/null | samples | tr '\n' ' ' | grep -qi '^-\?nan -\?nan $'
    { stream "2 2 2"; floats 1 1 1 1 1 inf 1 1; } >in
    fails 1 "voleq: in: infinite sample at plane 1, row 0, column 1; statistics need finite ones*" voleq in -o out
    [ ! -e out ]
}

@test "piped, redirected, with statistics: the same bytes, window and history" {
    tiff2vol "$CELLS" -o cells
    voleq -b 100 cells -o out
    head -n 20 out | grep -aqx 'window:=0 1'
    head -n 20 out | grep -aq '^history:=.*\\nvoleq -b 100$'
    voleq -b 100 <cells | cmp - out
    cat cells | voleq -b 100 | cmp - out
    volstats cells -o stats
    cat cells | TMPDIR=/no/such/folder voleq -b 100 --stats stats | cmp - out
    fails 1 "voleq: standard input must be read twice*" sh -c 'cat cells | TMPDIR=/no/such/folder voleq >out'
}

@test "a short input leaves a short output, and no file" {
    tiff2vol "$CELLS" | head -c 1000000 >in
    fails 1 "voleq: in: stream ends in plane 15 of 30 (row *)" voleq in -o out
    [ ! -e out ]
    fails 1 "voleq: standard input: stream ends in plane 15 of 30 (row *)" sh -c 'cat in | voleq'
}

@test "a hot sample, or equal samples, are said; a mask is not" {
    { stream "20 20 10"; perl -e 'srand 3; print pack "f<*", 1, map { rand() / 300 } 2..4000'; } >hot
    { stream "20 20 10"; perl -e 'print pack "f<*", 1, (0) x 3999'; } >mask
    { stream "3 1 1"; floats 0 0 0; } >black
    for program in voleq volclahe volthreshold "volclip -q 0,100"; do
        $program hot 2>&1 >/dev/null | grep -q "samples lie .* one of 256 bins"
        $program black 2>&1 >/dev/null | grep -qx ".*: black: all samples are 0: there is nothing to tell apart"
        [ -z "$($program mask 2>&1 >/dev/null)" ]
    done
    volclip mask 2>&1 >/dev/null | grep -q 'both percentiles are 0'
}

@test "usage errors" {
    fails 2 "voleq: --bins: needs N*, not '0'" voleq -b 0
    fails 2 "voleq: --range: LO must not be above HI" voleq -r 2,1
    fails 2 "voleq: --stats has counted all samples: no --mask beside it" voleq --stats a --mask b
}

@test "scikit-image's equalize_hist on every real volume" {
    need_python numpy skimage
    run "$PYTHON" "$REFERENCE/contrast.py" voleq "$DATA"
    echo "$output"
    [ "$status" -eq 0 ]
}
