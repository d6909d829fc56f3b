load helpers

adjusted() { # adjusted "SAMPLE..." OPTION...
    local row=$1
    shift
    # shellcheck disable=SC2086 # numbers
    { stream "$(wc -w <<<"$row") 1 1"; floats $row; } | voladjust "$@" | samples | tr '\n' ' '
}

@test "fixed results: scikit-image's examples" {
    [ "$(adjusted "0 0.5 1" --log)" = "0 0.584962487 1 " ]
    [ "$(adjusted "0 0.5 1" --log --inverse)" = "0 0.414213568 1 " ]
    [ "$(adjusted "0 0.5 1" --sigmoid)" = "0.00669285096 0.5 0.993307173 " ]
    [ "$(adjusted "0 0.5 1" --sigmoid --inverse)" = "0.993307173 0.5 0.00669285096 " ]
    [ "$(adjusted "3" --log -k 2.5)" = "5 " ]
    [ "$(adjusted "2" --sigmoid --cutoff 2 -k 1000)" = "0.5 " ]
}

@test "a gain that brings a power back among the floats" {
    [ "$({ stream "3 1 1"; floats 0 210 300; } | voladjust --log --inverse -k 1e-60 | samples | tr '\n' ' ')" = \
        "0 1645.50452 2.03703593e+30 " ]
    [ "$({ stream "1 1 1"; floats 1100; } | voladjust --log --inverse -k -1e-320 | samples)" = -1.35828341e+11 ]
}

@test "small samples keep their digits; infinities, zeros and NaN" {
    [ "$(adjusted "1e-30 0 -0" --log)" = "1.44269503e-30 0 0 " ]
    [ "$(adjusted "1e-30 128 inf nan" --log --inverse)" = "6.93147171e-31 Inf Inf NaN " ]
    [ "$(adjusted "inf nan" --log)" = "Inf NaN " ]
    [ "$(adjusted "inf" --log -k 0)" = "NaN " ]
    [ "$(adjusted "-inf -9 20 inf nan" --sigmoid)" = "0 5.52111595e-42 1 1 NaN " ]
    { stream 1; printf '\001\002\300\377'; } | voladjust --log | tail -c 4 | cmp - <(printf '\001\002\300\377')
}

@test "the formulas in long double, and scikit-image" {
    need_python numpy skimage
    "$PYTHON" -c "import numpy; exit(numpy.finfo(numpy.longdouble).nmant < 63)" || skip "long double has no more digits"
    run "$PYTHON" "$REFERENCE/adjust.py"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the window follows" {
    { stream "2 1 1" float "window:=0 3"; floats 0 3; } >in
    voladjust --log in | volinfo --header | grep -q '^window  *0 2$'
    voladjust --log -k -1 in | volinfo --header | grep -q '^window  *-2 0$'
    voladjust --sigmoid --cutoff 0 in | volinfo --header | grep -q '^window  *0.5 1$'
    { stream "2 1 1" float "window:=-1 3"; floats 0 3; } >in
    voladjust --log in | volinfo --header >out
    lacks '^window' out
}

@test "piped, any number of threads and vector level: the same bytes" {
    { stream "300 200 10"; perl -e 'srand 5; print pack "f<*", map { rand() ** 4 * 3 } 1..600000'; } >in
    for options in "--log" "--log --inverse" "--sigmoid" "--sigmoid --inverse -k 3"; do
        # shellcheck disable=SC2086 # words
        {
            voladjust $options -j 1 in -o out
            voladjust $options -j 3 < <(cat in) | cmp - out
            for level in $(cpu_levels); do
                VOL_CPU=$level voladjust $options in | cmp - out
            done
        }
    done
    voladjust --log in | head -n 12 >kept || true
    grep -aqx 'history:=voladjust --log' kept
}

@test "what can't be asked is refused" {
    { stream "3 1 1"; floats 0 -1 1; } >in
    fails 1 "voladjust: in: negative sample -1 at plane 0, row 0, column 1*" voladjust --log in
    fails 1 "voladjust: in: negative sample -1 at plane 0, row 0, column 1*" voladjust --log --inverse in
    fails 2 "voladjust: one of --log and --sigmoid is needed" voladjust in
    fails 2 "voladjust: one of --log and --sigmoid is needed" voladjust --log --sigmoid in
    fails 2 "voladjust: --cutoff is of no use with --log" voladjust --log --cutoff 1 in
}
