load helpers

two_peaks() { # two_peaks [N...]: bimodal samples
    stream "40 25 20" float "$@"
    perl -e 'srand 4; print pack "f<*", map { (rand() < 0.3 ? 0.7 : 0.2) + 0.1 * rand } 1..20000'
}

@test "--help speaks of thresholds, as those of other programs of theirs" {
    volthreshold --help | grep -q 'one threshold for all$'
    voleq --help | grep -q 'one map for all$'
    volclip --help | tr -s ' \n' ' ' | grep -q 'one pair of limits for all'
    vol2html --help | grep -q 'one window for all$'
}

@test "fixed results" {
    { stream "6 1 1"; floats 0 1 2 7 8 9; } >in
    [ "$(volthreshold --print in)" = 1.9863281 ] # the centre of the bin that 2 is in
    [ "$(volthreshold in | samples | tr '\n' ' ')" = "0 0 1 1 1 1 " ]
    [ "$(volthreshold -m mean --print in)" = 4.5 ]
    [ "$(volthreshold -v 2 in | samples | tr '\n' ' ')" = "0 0 0 1 1 1 " ]
    [ "$(volthreshold -v 1.9999999999 in | samples | tr '\n' ' ')" = "0 0 1 1 1 1 " ]
    [ "$(volthreshold -v -0.0 in | samples | tr '\n' ' ')" = "0 1 1 1 1 1 " ]
}

@test "scikit-image's threshold_* on random volumes" {
    need_python numpy skimage
    run "$PYTHON" "$REFERENCE/threshold.py"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "li of more values than are listed" {
    need_python numpy skimage
    { stream "60 50 40"; perl -e 'srand 8; print pack "f<*", map { rand() ** 3 } 1..120000'; } >in
    volthreshold -m li --print in >found
    "$PYTHON" "$REFERENCE/steps_volthreshold.py" check_li
    volthreshold -m li --print < <(cat in) | cmp - found
    volthreshold -m li in -o out
    volthreshold -v "$(cat found)" in | tail -c 480000 | cmp - <(tail -c 480000 out)
    volstats in >stats
    fails 1 "volthreshold: li needs the samples: there are too many values for statistics" volthreshold -m li --stats stats in
}

@test "all samples equal: nothing is above" {
    { stream "3 1 1"; floats 7 7 7; } >in
    for method in otsu li yen isodata triangle minimum mean; do
        [ "$(volthreshold -m $method --print in)" = 7 ]
        [ "$(volthreshold -m $method in | samples | sort -u)" = 0 ]
    done
}

@test "a range that sums of floats exceed has a threshold" {
    { stream "4 2 1"; floats 0 1e38 2e38 3e38 -3e38 0 0 0; } >in
    { stream "4 2 1"; floats 1 1 1 1 1 1 1 1; } >mask
    volstats in >stats
    for method in otsu=-2.9882812e+38 li=5.4238307e+37 yen=1.171875e+36 isodata=-1.0664063e+38 \
        triangle=-1.171875e+36 minimum=-1.5351563e+38 mean=3.75e+37; do
        for options in "" "--stats stats" "--mask mask"; do
            # shellcheck disable=SC2086 # words
            [ "$(volthreshold -m "${method%%=*}" --print $options in)" = "${method#*=}" ]
        done
    done
    [ "$(voleq in | samples | tr '\n' ' ')" = "0.375 0.75 0.854165971 1 0.125 0.375 0.375 0.375 " ]
}

@test "NaN are not counted and not above; infinities are refused" {
    { stream "7 1 1"; floats 0 1 nan 2 7 8 9; } >in
    for method in isodata li mean; do
        volthreshold -m $method in >out 2>said
        grep -qx 'volthreshold: in: 1 NaN not counted' said
        [ "$(samples <out | tr '\n' ' ')" = "0 0 0 0 1 1 1 " ]
    done
    { stream "2 1 1"; floats nan nan; } >none
    for method in otsu li mean; do
        volthreshold -m $method none 2>/dev/null | samples | sort -u | cmp - <(echo 0)
        volthreshold -m $method none 2>/dev/null | volinfo | lacks '# -v' /dev/stdin
        ! volthreshold -m $method --print none >printed 2>said || return 1
        [ ! -s printed ]
        [ "$(tail -n 1 said)" = "volthreshold: none: all samples are NaN: there is no threshold" ]
    done
    { stream "3 1 1"; floats 0 inf 1; } >infinite
    for method in otsu li mean; do
        fails 1 "volthreshold: infinite: infinite sample at plane 0, row 0, column 1*" volthreshold -m $method infinite
    done
    [ "$(volthreshold -v 5 infinite | samples | tr '\n' ' ')" = "0 1 0 " ]
}

@test "mask, statistics and range" {
    two_peaks >in
    volthreshold -v 0.5 in -o mask
    for method in otsu li isodata mean; do
        volthreshold -m $method --mask mask --print in >masked 2>said
        [ ! -s said ]
        perl -e 'local $/; open $f, "in"; $_ = <$f>; s/^.*?\n\n//s; @v = grep { $_ > 0.5 } unpack "f<*", $_;
            print pack "f<*", @v; open $o, ">count"; print $o scalar @v' >bright
        { stream "$(cat count) 1 1"; cat bright; } | volthreshold -m $method --print | cmp - masked
        volstats -b 256 in >stats
        volthreshold -m $method in -o out
        if [ $method != li ]; then
            TMPDIR=/no/such/folder volthreshold -m $method --stats stats < <(cat in) | tail -c 80000 | cmp - <(tail -c 80000 out)
        fi
    done
    [ "$(volthreshold -r 0.6,1 --print in)" != "$(volthreshold --print in)" ]
    { stream "4 1 1"; floats 0 1 1 3; } >few
    volstats few >stats
    [ "$(volthreshold -m li --stats stats --print few)" = "$(volthreshold -m li --print few)" ]
    fails 1 "volthreshold: stats: *" volthreshold --stats stats in
}

@test "history and window" {
    two_peaks 'window:=0 0.9' >in
    volthreshold -m li in | head -n 20 >kept || true
    grep -aqx 'window:=0 1' kept
    grep -aq '^history:=volthreshold -m li # -v 0\.[0-9]*$' kept
    volthreshold -v 0.50 in | head -n 20 >kept || true
    grep -aqx 'history:=volthreshold -v 0.50' kept
}

@test "piped, any number of threads and vector level: the same bytes" {
    two_peaks >in
    for options in "" "-m li" "-v 0.4"; do
        # shellcheck disable=SC2086 # words
        {
            volthreshold $options -j 1 in -o out
            volthreshold $options -j 3 < <(cat in) | cmp - out
            for level in $(cpu_levels); do
                VOL_CPU=$level volthreshold $options in | cmp - out
            done
        }
    done
}

@test "what can't be asked is refused" {
    two_peaks >in
    fails 2 "volthreshold: --value leaves nothing for --method to tell" volthreshold -v 1 -m otsu in
    fails 2 "volthreshold: --value leaves nothing for --bins to tell" volthreshold -v 1 -b 7 in
    fails 2 "volthreshold: --method li has no histogram: --bins is of no use" volthreshold -m li -b 7 in
    fails 2 "volthreshold: --method mean has no histogram: --range is of no use" volthreshold -m mean -r 0,1 in
    fails 2 "volthreshold: --range: LO must not be above HI" volthreshold -r 1,0 in
    fails 2 "volthreshold: --method: needs one of *, not 'best'" volthreshold -m best in
    fails 1 "volthreshold: in: no sample lies in the range 5 to 6" volthreshold -r 5,6 in
    { stream "8 1 1"; floats 1 2 3 4 5 6 7 8; } >even
    fails 1 "volthreshold: even: minimum: the smoothed histogram has not two maxima" volthreshold -m minimum even
}

@test "isodata: a bin that lies halfway exactly is the threshold" {
    { stream 2; floats 0 1; } >two
    [ "$(volthreshold -m isodata -b 3 --print two)" = 0.5 ]
}
