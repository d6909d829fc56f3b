# volproject and volbin, which share their engine.
load helpers

cube() { # cube [LINE...]: 2 planes, 3 rows, 4 columns of 0 to 23
    stream "4 3 2" float 'space dimension: 3' 'space directions: (0.5,0,0) (0,0.5,0) (0,0,2)' \
        'space origin: (10,20,30)' 'space units: "um" "um" "um"' "$@"
    floats $(seq 0 23)
}

of() { # of PROGRAM OPTION... FILE
    "$@" | samples | tr '\n' ' '
}

@test "projections: fixed results" {
    cube >in
    [ "$(of volproject --max in)" = "12 13 14 15 16 17 18 19 20 21 22 23 " ]
    [ "$(of volproject --min in)" = "0 1 2 3 4 5 6 7 8 9 10 11 " ]
    [ "$(of volproject --mean in | cut -d ' ' -f -3)" = "6 7 8" ]
    [ "$(of volproject --sum --axis row in)" = "12 15 18 21 48 51 54 57 " ]
    [ "$(of volproject --sd --axis column in | cut -d ' ' -f 1)" = "1.29099441" ]
    [ "$(of volproject --median --axis column in)" = "1.5 5.5 9.5 13.5 17.5 21.5 " ]
    [ "$(of volproject --median --axis row in)" = "4 5 6 7 16 17 18 19 " ]
    [ "$(of volproject --sd --every 1 in | sort -u)" = "$(printf '0 %.0s' $(seq 24))" ]
    { stream "4 1 1"; floats nan 3 nan 1; } >holed
    for kind in max:3 min:1 mean:2 sum:4 sd:1.41421354 median:2; do
        [ "$(volproject --axis column --${kind%:*} holed | samples)" = "${kind#*:}" ]
    done
    [ "$( { stream "2 1 1"; floats nan nan; } | volproject --axis column --max | samples)" = NaN ]
}

@test "bins: fixed results" {
    cube >in
    [ "$(of volbin -f 2,3,4 in)" = "11.5 " ]
    [ "$(of volbin -f 1,1,2 in | cut -d ' ' -f -4)" = "0.5 2.5 4.5 6.5" ]
    [ "$(of volbin -f 1,2,2 in 2>/dev/null)" = "2.5 4.5 14.5 16.5 " ]
    [ "$(of volbin -f 1,2,2 --partial in)" = "2.5 4.5 8.5 10.5 14.5 16.5 20.5 22.5 " ]
    [ "$(of volbin -f 2 --by sum in 2>/dev/null)" = "68 84 " ]
    [ "$(of volbin -f 2 --by median in 2>/dev/null)" = "8.5 10.5 " ]
    volbin -f 1,2,3 in 2>said >/dev/null
    cat >expected <<'END'
volbin: the last 1 of 3 rows make no whole block: left out (--partial takes them)
volbin: the last 1 of 4 columns make no whole block: left out (--partial takes them)
END
    diff said expected
}

@test "blocks of one sample are that sample, bit for bit" {
    special >in
    special 1 >plane
    for kind in mean sum max min median; do
        volbin -f 1 --by $kind in | tail -c 96 | cmp - <(tail -c 96 in)
        volbin -f 1 --by $kind --partial in | tail -c 96 | cmp - <(tail -c 96 in)
        volproject --$kind plane | tail -c 48 | cmp - <(tail -c 48 plane)
        volproject --$kind --every 1 in | tail -c 96 | cmp - <(tail -c 96 in)
    done
    { stream "2 1 1"; floats 3 4; } | volproject --sd | samples | sort -u | cmp - <(echo 0)
}

@test "numpy on random volumes" {
    need_python numpy
    run "$PYTHON" "$REFERENCE/reduce.py"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the result has its true place" {
    cube "window:=0 9" >in
    volproject --max in | volinfo --header >out
    grep -qx 'shape       (1, 3, 4) plane, row, column' out
    grep -qx 'spacing     (4, 0.5, 0.5) um' out
    grep -qx 'origin      (10, 20, 31) x, y, z' out
    grep -qx 'window      0 9' out
    grep -qx 'history     volproject --max' out
    volproject --sum --axis column in | volinfo --header >out
    grep -qx 'spacing     (2, 0.5, 2) um' out
    grep -qx 'origin      (10.75, 20, 30) x, y, z' out
    lacks '^window' out
    volbin -f 2,3,2 in | volinfo --header >out
    grep -qx 'spacing     (4, 1.5, 1) um' out
    grep -qx 'origin      (10.25, 20.5, 31) x, y, z' out
    # A stack without spacing has none afterwards either.
    { stream "4 3 2"; floats $(seq 24); } | volbin -f 2,1,1 | volinfo --header | grep -q '^spacing     (unknown'
}

@test "thick slabs" {
    { stream "2 2 7"; floats $(seq 28); } >in
    volproject --max --every 3 in >out 2>said
    [ "$(samples <out | tr '\n' ' ')" = "9 10 11 12 21 22 23 24 " ]
    grep -qx 'volproject: the last 1 of 7 planes make no whole slab: left out' said
    fails 1 "volproject: in: blocks of 8 along the plane axis, which has 7" volproject --max --every 8 in
}

@test "channels stay apart" {
    stream "3 2 2 1" float "kinds: RGB-color domain domain domain" >in
    floats 1 2 3 4 5 6 7 8 9 10 11 12 >>in
    [ "$(of volproject --max --axis column in)" = "4 5 6 10 11 12 " ]
    [ "$(of volproject --mean --axis row in)" = "4 5 6 7 8 9 " ]
    [ "$(of volbin -f 1,2,2 --by median in)" = "5.5 6.5 7.5 " ]
}

@test "piped, in bands, any number of threads and vector level: the same bytes" {
    { stream "900 700 8"; perl -e 'srand 5; print pack "f<*", map rand, 1..5040000'; } >in
    for options in "volproject --sd" "volproject --median" "volproject --mean --axis row" "volbin -f 2,3,4" "volbin -f 8,1,1 --by median"; do
        # shellcheck disable=SC2086 # words
        {
            $options -j 1 in -o out 2>/dev/null
            $options -j 3 < <(cat in) 2>/dev/null | cmp - out
            for level in $(cpu_levels); do
                VOL_CPU=$level $options in 2>/dev/null | cmp - out
            done
        }
    done
}

@test "memory is bounded, whatever the planes" {
    unsanitized
    need /usr/bin/time
    { stream "3000 3000 6"; head -c 216000000 /dev/zero; } >in
    for kind in max sd median; do
        /usr/bin/time -f %M -o peak volproject --$kind in -o /dev/null
        [ "$(cat peak)" -lt 28672 ] || { echo "$kind: $(cat peak)"; return 1; }
    done
    fails 1 "volbin: in: blocks of 54000000 samples take 206 MiB of memory each, 16 at most" volbin -f 6,3000,3000 --by median in
}

@test "medians of a row that take too much memory: parts of it, the same samples" {
    { stream "2048 2 2049"; perl -e 'srand 7; print pack "f<*", map rand, 1..2048 for 1..4098'; } >in
    volcrop --columns 0:1500 in -o left
    volcrop --columns 1500: in -o right
    for options in "volproject --median" "volbin --by median -f 2049,1,1" "volproject --median --axis row" "volbin --by median -f 1100,2,3"; do
        # shellcheck disable=SC2086 # words
        {
            $options in -o whole.nrrd 2>/dev/null
            $options < <(cat in) 2>/dev/null | cmp - whole.nrrd
            for part in left right; do
                $options $part -o $part.nrrd 2>/dev/null
            done
        }
        volcat --axis column left.nrrd right.nrrd | samples | cmp - <(samples <whole.nrrd)
    done
    stream "2 1500 1 2049" float "kinds: vector domain domain domain" >colours
    tail -c +100 in | head -c $((2 * 1500 * 2049 * 4)) >>colours
    volproject --median colours -o whole.nrrd
    volcrop --columns 0:800 colours | volproject --median -o left.nrrd
    volcrop --columns 800: colours | volproject --median -o right.nrrd
    volcat --axis column left.nrrd right.nrrd | samples | cmp - <(samples <whole.nrrd)
    [ "$(samples <whole.nrrd | wc -l)" -eq 3000 ]
}

@test "a short input fails, and no file is left" {
    { stream "90 70 6"; floats $(seq 20000); } >short
    fails 1 "volproject: short: stream ends in plane 3 of 6 (row 12)" volproject --max short -o out
    fails 1 "volbin: short: stream ends in plane 3 of 6 (row 12)" volbin -f 2 short -o out
    [ ! -e out ]
}

@test "planes, rows and columns that are left out are read as well" {
    { stream "9 9 39"; floats $(seq 3159); } >in
    local command
    for command in "volbin -f 10,1,1" "volbin -f 1,5,1" "volbin -f 1,1,5" "volbin -f 20,5,5 --by max" \
        "volproject --mean --every 10" "volproject --median --every 2" "volcrop -p 0:1" "vol2png -n 3" "volbin -f 2 --by median"; do
        # shellcheck disable=SC2086 # words
        { volgamma in | $command >out 2>said; echo "${PIPESTATUS[*]}" >states; } || true
        [ "$(cat states)" = "0 0" ] || { echo "$command: $(cat states)"; return 1; }
        # one plane, one row, one sample too few, each left out: nothing looks whole
        for bytes in 12390 12678 12710; do
            head -c $bytes in >short
            # shellcheck disable=SC2086
            ! $command short -o out.short 2>said || { echo "$command passes $bytes"; return 1; }
            grep -q "short: stream ends in plane 3[89] of 39" said
            [ ! -e out.short ]
            # shellcheck disable=SC2086
            ! $command <short >piped 2>said || return 1
            # a program behind it sees that something is missing
            [ "${command%% *}" = vol2png ] || ! volinfo piped >/dev/null 2>&1 || return 1
        done
    done
}

@test "what can't be asked is refused" {
    cube >in
    fails 2 "volproject: one of --max, --min, --mean, --sum, --sd, --median is needed" volproject in
    fails 2 "volproject: one of --max, --min, --mean, --sum, --sd, --median is needed" volproject --max --min in
    fails 2 "volproject: --every: needs *, not '0'" volproject --max --every 0 in
    fails 2 "volbin: --factors is missing; see volbin --help" volbin in
    fails 2 "volbin: --factors: needs one whole number above 0, or three for plane,row,column, not '1,2'" volbin -f 1,2 in
    fails 2 "volbin: --factors: needs *, not '0'" volbin -f 0 in
    fails 2 "volbin: --factors: needs *, not '1.5'" volbin -f 1.5 in
    fails 1 "volbin: in: blocks of 3 along the plane axis, which has 2" volbin -f 3,1,1 in
}
