load helpers

gray() { # gray N...: a stream of one row
    stream "$#"
    floats "$@"
}

clipped() { # clipped "N..." OPTION...: what becomes of these samples
    local row=$1
    shift
    # shellcheck disable=SC2086 # numbers
    gray $row | volclip "$@" | samples | tr '\n' ' '
}

@test "fixed results: scikit-image's" {
    [ "$(clipped "1 2 3" -q 0,100)" = "0 0.5 1 " ]
    [ "$(clipped "-2 0 2" -q 0,100)" = "-1 0 1 " ]
    [ "$(clipped "-1 0 1 2 3" -v 0,2)" = "0 0 0.5 1 1 " ]
    [ "$(clipped "-1 0 1 2 3" -v 0,2 --to 10,30)" = "10 10 20 30 30 " ]
    [ "$(clipped "0 1 2" -v 0,2 --to 1,0)" = "1 0.5 0 " ]
    [ "$(clipped "0 1 2 3 4" -q 25,75)" = "0 0 0.5 1 1 " ]
}

@test "equal and constant limits; reversed ones are refused" {
    fails 2 "volclip: --values: LO must not be above HI" volclip -v 2,1
    fails 2 "volclip: --percentiles: LOW must not be above HIGH" volclip -q 99.5,0.5
    [ "$(clipped "7 7 7")" = "1 1 1 " ]
    [ "$(clipped "0 0")" = "0 0 " ]
    [ "$(clipped "-7 -7")" = "-1 -1 " ]
    [ "$(clipped "0.25 0.5 3" -v 0.5,0.5)" = "0.5 0.5 0.5 " ]
}

@test "NaN pass, with a note; infinities only with values" {
    gray nan 1 3 | volclip -q 0,100 2>said | samples | tr '\n' ' ' | grep -qi '^-\?nan 0 1 $'
    [ "$(cat said)" = "volclip: standard input: 1 NaN not counted, passed on" ]
    gray nan nan | volclip 2>/dev/null | samples | tr '\n' ' ' | grep -qi '^-\?nan -\?nan $'
    [ "$(clipped "-inf 0.5 inf" -v 0,1)" = "0 0.5 1 " ]
    fails 1 "volclip: in: infinite sample at plane 0, row 0, column 1; *" volclip <(gray 1 inf) -o out ||
        fails 1 "volclip: /dev/fd/*: infinite sample at plane 0, row 0, column 1; *" volclip <(gray 1 inf) -o out
    [ ! -e out ]
}

@test "the limits that were found stand in history and are told; the window is the output's" {
    gray 0 1 2 3 4 >in
    volclip -q 25,75 --verbose in -o out 2>said
    [[ "$(cat said)" == $'volclip: limits 1 and 3 become 0 and 1\nvolclip: done: 1 plane of 1 x 5 voxels, 2e-05 MB, in '*' s' ]]
    head -n 12 out | grep -aqx 'history:=volclip -q 25,75 # -v 1,3'
    head -n 12 out | grep -aqx 'window:=0 1'
    volclip -v -1,3 --to 5,2 in | head -n 12 >out
    grep -aqx 'history:=volclip -v -1,3 --to 5,2' out
    grep -aqx 'window:=2 5' out
    gray -1 1 | volclip | head -n 12 | grep -aqx 'window:=-1 1'
}

@test "piped, redirected, with statistics: the same bytes; values need one pass" {
    tiff2vol "$CELLS" -o cells
    volclip cells -o out
    volclip <cells | cmp - out
    cat cells | volclip | cmp - out
    volstats cells -o stats
    cat cells | TMPDIR=/no/such/folder volclip --stats stats | cmp - out
    volclip -v 0.03921568766236305,0.3960784375667572 cells | tail -c 1905120 | cmp - <(tail -c 1905120 out)
    cat cells | TMPDIR=/no/such/folder volclip -v 0,1 >out
    fails 1 "volclip: standard input must be read twice*" sh -c 'cat cells | TMPDIR=/no/such/folder volclip >out'
}

@test "usage errors" {
    fails 2 "volclip: --percentiles: needs LOW,HIGH*, not '0,101'" volclip -q 0,101
    fails 2 "volclip: --values leaves nothing for --percentiles to tell" volclip -q 0,1 -v 0,1
    fails 2 "volclip: --values leaves nothing for --stats to tell" volclip --stats a -v 0,1
    fails 2 "volclip: --values: needs LO,HI*, not '0,1e39'" volclip -v 0,1e39
    fails 1 "volclip: limits -3e+38 and 3e+38 become -1 and 1: too far apart for floats" volclip -v -3e38,3e38 <(gray 1)
}

@test "scikit-image's rescale_intensity on every real volume" {
    need_python numpy skimage
    run "$PYTHON" "$REFERENCE/contrast.py" volclip "$DATA"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "a mask says what is counted; everything is clipped" {
    gray 0 0 0 0 1 2 3 4 5 100 >in
    gray 0 0 0 0 1 1 1 1 1 0 >mask
    [ "$(volclip -q 0,100 --mask mask in | samples | tr '\n' ' ')" = "0 0 0 0 0 0.25 0.5 0.75 1 1 " ]
    volclip -q 10,80 --mask mask in >whole
    cat in | volclip -q 10,80 --mask <(cat mask) | samples | cmp - <(samples <whole)
    gray 1 2 3 4 5 | volclip -q 10,80 | samples | cmp - <(samples <whole | sed -n 5,9p)
    gray 0 0 0 0 0 0 0 0 0 0 >mask
    fails 1 "volclip: mask: leaves no sample to count" volclip --mask mask in
    fails 2 "volclip: --values leaves nothing for --mask to tell" volclip -v 0,1 --mask mask in
    fails 2 "volclip: --stats has counted all samples: no --mask beside it" volclip --stats a --mask b
    fails 2 "volclip: standard input can be only one file, not FILE and --mask" volclip --mask - <in
}

@test "percentiles that look like fractions are remarked on" {
    gray 0 1 2 >in
    volclip -q 0.01,0.99 in >out 2>said
    [ "$(cat said)" = "volclip: percentiles are numbers from 0 to 100: the highest one here, 0.99, lies near the minimum" ]
    volclip -q 0,1.5 in >out 2>said
    [ ! -s said ]
}

@test "one window for several volumes: --pool" {
    gray 0 1 2 3 >a
    gray 4 5 6 >b
    gray 0 1 2 3 4 5 6 >both
    volstats a -o a.stats
    volstats b -o b.stats
    volstats --merge a.stats b.stats -o pool
    volclip -q 10,90 both | samples >whole
    { volclip -q 10,90 --pool pool a | samples; volclip -q 10,90 --pool pool b | samples; } | cmp - whole
    cat b | volclip -q 10,90 --pool pool | samples | cmp - <(tail -n 3 whole)
    voleq both | samples >whole
    { voleq --pool pool a | samples; voleq --pool pool b | samples; } | cmp - whole
    fails 1 "volclip: a.stats: statistics of 4 samples, but both has 7" volclip --pool a.stats both
    fails 2 "volclip: only one of --stats and --pool at a time" volclip --stats a.stats --pool pool a
    fails 2 "volclip: --pool has counted all samples: no --mask beside it" volclip --pool pool --mask b a
    fails 2 "volclip: --values leaves nothing for --pool to tell" volclip -v 0,1 --pool pool a
}
