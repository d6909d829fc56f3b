load helpers

cube() { # 2 planes, 3 rows, 4 columns of 0 to 23
    stream "4 3 2" float 'space dimension: 3' 'space directions: (0.5,0,0) (0,0.5,0) (0,0,2)' \
        'space origin: (10,20,30)' 'space units: "um" "um" "um"' "window:=0 9"
    floats $(seq 0 23)
}

of() { # of OPTION...
    volaxes "$@" in | samples | tr '\n' ' '
}

@test "fixed results" {
    cube >in
    [ "$(of --flip plane | cut -d ' ' -f -4)" = "12 13 14 15" ]
    [ "$(of --flip row | cut -d ' ' -f -4)" = "8 9 10 11" ]
    [ "$(of --flip column | cut -d ' ' -f -4)" = "3 2 1 0" ]
    [ "$(of --flip column,row,plane | cut -d ' ' -f -4)" = "23 22 21 20" ]
    [ "$(of --order column,plane,row)" = "0 4 8 12 16 20 1 5 9 13 17 21 2 6 10 14 18 22 3 7 11 15 19 23 " ]
    [ "$(of --order row,plane,column | cut -d ' ' -f -8)" = "0 1 2 3 12 13 14 15" ]
    [ "$(of --order plane,row,column)" = "$(samples <in | tr '\n' ' ')" ]
}

@test "numpy's transpose and flip on random volumes; samples keep their place" {
    need_python numpy
    run "$PYTHON" "$REFERENCE/axes.py"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "spacing, origin, notes and history" {
    cube >in
    volaxes --order column,plane,row --flip plane in | volinfo --header >out
    grep -qx 'shape       (4, 2, 3) plane, row, column' out
    grep -qx 'spacing     (0.5, 2, 0.5) um' out
    grep -qx 'origin      (10, 20, 32) x, y, z' out
    grep -qx 'window      0 9' out
    grep -qx 'history     volaxes --flip plane --order column,plane,row' out
    volaxes --flip row,column in | volaxes --flip column,row | tail -c 96 | cmp - <(tail -c 96 in)
    volaxes --flip row in | volaxes --flip row | volinfo --header | grep -qx 'origin      (10, 20, 30) x, y, z'
    { stream "2 2 2"; floats 1 2 3 4 5 6 7 8; } | volaxes --order row,plane,column | volinfo --header | grep -q '^spacing     (unknown'
}

@test "piped, in bands, with threads: the same bytes; back again the volume that it was" {
    { stream "2300 2100 3"; perl -e 'srand 5; print pack "L<*", map { int rand 1e9 } 1..14490000'; } >large # planes beyond a band
    { stream "300 200 60"; head -c 14400000 large; } >deep
    for in in large deep; do
        samples=$(($(wc -c <$in) - 200))
        for options in "--order plane,column,row" "--order row,plane,column --flip row" "--order column,plane,row --flip column,plane" \
            "--flip plane" "--flip row"; do
            # shellcheck disable=SC2086 # words
            volaxes $options -j 1 $in -o out
            # shellcheck disable=SC2086
            volaxes $options -j 3 < <(cat $in) | cmp - out
        done
        volaxes --order column,plane,row $in | volaxes --order row,column,plane | tail -c $samples | cmp - <(tail -c $samples $in)
        volaxes --order column,row,plane $in | volaxes --order column,row,plane | tail -c $samples | cmp - <(tail -c $samples $in)
    done
}

@test "memory is bounded, whatever the planes" {
    unsanitized
    need /usr/bin/time
    { stream "3000 3000 6"; head -c 216000000 /dev/zero; } >in
    for options in "--order plane,column,row" "--order row,column,plane" "--order column,row,plane" "--flip plane,row"; do
        # shellcheck disable=SC2086 # words
        /usr/bin/time -f %M -o peak volaxes $options in -o /dev/null
        [ "$(cat peak)" -lt 45056 ] || { echo "$options: $(cat peak)"; return 1; }
    done
}

@test "a short input fails; what can't be asked is refused" {
    cube >in
    head -c -4 in >short
    fails 1 "volaxes: short: stream ends in plane 1 of 2 (row 2)" volaxes --flip plane short -o out
    fails 1 "volaxes: short: stream ends in plane 1 of 2 (row 2)" volaxes --order column,row,plane short -o out
    [ ! -e out ]
    fails 2 "volaxes: nothing to do; see volaxes --help" volaxes in
    fails 2 "volaxes: --order: needs plane, row and column in some order, not 'row,plane'" volaxes --order row,plane in
    fails 2 "volaxes: --order: needs plane, row and column in some order, not 'row,row,plane'" volaxes --order row,row,plane in
    fails 2 "volaxes: --order: needs *, not 'row,plane,column,row'" volaxes --order row,plane,column,row in
    fails 2 "volaxes: --flip: needs one or several of plane, row, column, not 'x'" volaxes --flip x in
    fails 2 "volaxes: --flip: needs one or several of *, not ''" volaxes --flip "" in
}
