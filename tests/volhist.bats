load helpers

gray() { # gray N...: a stream of one row
    stream "$#"
    floats "$@"
}

@test "volumes and statistics of a chart may come from pipes" {
    tiff2vol "$CELLS" -o cells
    volgamma -g 0.5 cells -o bright
    volstats bright -o bright.stats
    mkdir named
    mkfifo named/cells named/bright
    volhist --svg cells bright.stats -o files.svg
    cat cells >named/cells &
    cat bright.stats >named/bright &
    volhist --svg named/cells named/bright | cmp - files.svg
    wait
    volhist --svg - cells <bright.stats | grep -q '<svg'
}

@test "a table: lower edge, upper edge, count, cumulative fraction" {
    gray 0 1 2 3 4 4 4 4 | volhist -b 4 >out
    diff out - <<'END'
# 8 samples, 0 NaN left out, minimum 0, maximum 4
# lower edge	upper edge	count	cumulative fraction
0	1	1	0.125
1	2	1	0.25
2	3	1	0.375
3	4	5	1
END
}

@test "a range leaves out what lies outside" {
    gray -1 0 0.5 1 1.5 | volhist -b 2 -r 0,1 | grep -v '^#' | cut -f 3 | tr '\n' ' ' | grep -qx '1 2 '
    gray 5 | volhist -b 2 -r 0,1 | grep -v '^#' | cut -f 3,4 | tr '\n\t' '  ' | grep -qx '0 0 0 0 '
    gray 7 7 | volhist -b 4 | grep -v '^#' | cut -f 1,3 | tr '\n\t' '  ' | grep -qx '6.5 0 6.75 0 7 2 7.25 0 '
}

@test "percentiles with 17 digits" {
    gray 1 2 3 4 | volhist -q 0,33.3,50,100 >out
    diff out - <<'END'
# 4 samples, 0 NaN left out, minimum 1, maximum 4
# percentile	value
0	1
33.3	1.9989999999999999
50	2.5
100	4
END
    gray 1 2 3 4 | volhist -q 50 -b 2 | grep -qx '# percentile 50	2.5'
}

@test "the cells: fixed numbers" {
    tiff2vol "$CELLS" -o cells
    volhist -q 0.5,50,99.5 cells | tail -n 3 >out
    printf '%s\t%s\n' 0.5 0.039215687662363052 50 0.086274512112140656 99.5 0.3960784375667572 | diff out -
    volhist cells | sed -n 3p | grep -qx '0.007843138	0.011519608	3	6.298815822625346e-06'
    volhist --json cells | grep -q '"mean": 0.10570002776830727,'
}

@test "JSON for programs" {
    need jq
    gray 0 1 3 nan >in
    [ "$(volhist --json -b 3 -q 25,50 in | jq -c .)" = '{"samples":4,"nans":1,"minimum":0,"maximum":3,"mean":1.3333333333333333,"variance":1.5555555555555556,"q":[25,50],"percentiles":[0.5,1],"edges":[0,1,2,3],"counts":[1,1,1]}' ]
    gray nan | volhist --json --title 'a "b"' | jq -e '.title == "a \"b\"" and .minimum == null and .mean == null'
}

@test "SVG: well-formed, no script, nothing loaded, light and dark" {
    need xmllint
    tiff2vol "$CELLS" | volhist --svg --title '<Original> & "more"' -o out.svg
    xmllint --noout out.svg
    grep -q 'prefers-color-scheme: dark' out.svg
    grep -q '>1e4</text>' out.svg
    grep -q '&#60;Original&#62; &#38; &#34;more&#34; CDF</text>' out.svg
    lacks '<script\|href\|url(\|@import' out.svg
    [ "$(grep -c '<path class="bars"' out.svg)" -eq 1 ]
    volhist --svg -b 65536 -o out.svg < <(tiff2vol "$CELLS")
    xmllint --noout out.svg
    [ "$(stat -c %s out.svg)" -lt 100000 ]
    gray 1e9 1e9 | volhist --svg --title "$(printf '\xff\x01')" -o out.svg
    xmllint --noout out.svg
    lacks 'nan\|inf' out.svg
    # U+FFFE and U+FFFF, which XML can't hold either
    gray 1 | volhist --svg --title "$(printf 'a\xef\xbf\xbeb\xef\xbf\xbfc')" | grep -q '>a???b???c<'
}

@test "ASCII: at most 80 columns, at any number of bins" {
    tiff2vol "$CELLS" -o cells
    for bins in 1 2 63 64 65 256 65536; do
        volhist --ascii -b $bins cells >out
        [ "$(wc -L <out)" -le 80 ]
        [ "$(grep -c '#' out)" -gt 3 ]
        lacks '[^ -~]' out
    done
    gray 1 2 2 2 | volhist --ascii -b 2 | sed -n '2p;10p;17,19p' >out
    diff out - <<'END'
          3 |                                ################################
            |                                ################################
            |################################################################
          0 +----------------------------------------------------------------
             1                                                              2
END
}

@test "piped, redirected, named and from statistics: the same" {
    tiff2vol "$CELLS" -o cells
    volhist -b 100 -q 1,99 --json cells >named
    volhist -b 100 -q 1,99 --json <cells | cmp - named
    cat cells | volhist -b 100 -q 1,99 --json | cmp - named
    cat cells | TMPDIR=/no/such/folder volstats | volhist --from - -b 100 -q 1,99 --json | cmp - named
}

@test "usage errors" {
    fails 2 "volhist: --bins: needs N*, not '0'" volhist -b 0
    fails 2 "volhist: --bins: needs N*, not '65537'" volhist -b 65537
    fails 2 "volhist: --range: LO must not be above HI" volhist -r 1,0
    fails 2 "volhist: --range: needs LO,HI*, not '1'" volhist -r 1
    fails 2 "volhist: --range: needs LO,HI*, not '0,1e39'" volhist -r 0,1e39
    fails 2 "volhist: --percentiles: needs a list of at most 100 percentiles from 0 to 100, not '101'" volhist -q 101
    fails 2 "volhist: --percentiles: needs a list*, not '1,,2'" volhist -q 1,,2
    fails 2 "volhist: --percentiles: needs a list*, not ''" volhist -q ''
    fails 2 "volhist: only one of --json, --svg and --ascii at a time" volhist --json --svg
    fails 2 "volhist: one operand too many: 'b'*" volhist a b
    fails 2 "volhist: --from a leaves nothing to read from 'b'" volhist --from a b
}

@test "options that volstats has now: the command to type" {
    fails 2 "volhist: --stats is volstats' now: volstats FILE -o STATS" volhist --stats a -o b
    fails 2 "volhist: --merge is volstats' now: volstats --merge A B -o C" volhist a b --merge
    fails 2 "volhist: --refine is volstats' now: volstats --refine STATS FILE -o C" volhist --refine=a b
    for option in partial values counts; do
        fails 2 "volhist: --$option is volstats' now: volstats *--$option *" volhist --$option a
        volhist --help >help
        ! grep -q -- "--$option" help || return 1
    done
    fails 2 "volhist: unknown option '--stat'*" volhist --stat
}

@test "numpy's histograms and percentiles on every real volume" {
    need_python numpy skimage
    run "$PYTHON" "$REFERENCE/contrast.py" volhist "$DATA"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "a mask says what is counted" {
    gray 0 0 nan 1 2 3 4 5 100 >in
    gray 0 0 0 1 1 1 1 1 0 >mask
    for options in "-b 4" "-b 4 -r 1,4" "-q 0,33,100" "--json -q 50 -b 3" --svg --ascii; do
        # shellcheck disable=SC2086 # words
        gray 1 2 3 4 5 | volhist $options >wanted
        # shellcheck disable=SC2086 # words
        volhist $options --mask mask in | cmp - wanted
        # shellcheck disable=SC2086 # words
        cat in | volhist $options --mask mask | cmp - wanted
    done
    fails 2 "volhist: --from has counted all samples: no --mask beside it" volhist --from s --mask mask
    fails 1 "volhist: mask: is 1 x 1 x 9*" volhist --mask mask <(gray 1)
}

@test "several volumes and statistics in one chart" {
    tiff2vol "$CELLS" -o 'cells & more.nrrd'
    voleq 'cells & more.nrrd' -o equal.nrrd
    volstats equal.nrrd -o equal.stats
    volhist --svg 'cells & more.nrrd' equal.nrrd -o a.svg
    xmllint --noout a.svg
    [ "$(grep -c '<path class="line s[01]"' a.svg)" -eq 6 ]
    grep -q '>cells &#38; more</text>' a.svg
    grep -q '>samples in a bin</text>' a.svg
    lacks 'class="bars"' a.svg
    # From statistics the same; the range is that of both, the order that of the operands.
    volhist --svg 'cells & more.nrrd' equal.stats -o b.svg
    cmp a.svg b.svg
    volhist --svg -- - equal.nrrd <'cells & more.nrrd' | sed 's/>-</>cells \&#38; more</' | cmp - a.svg
    cat equal.nrrd | volhist --svg 'cells & more.nrrd' - | sed 's/>-</>equal</' | cmp - a.svg
    # Other numbers of samples: fractions.
    volcrop -p :5 equal.nrrd -o part.nrrd
    volhist --svg equal.nrrd part.nrrd -o c.svg
    grep -q '>fraction of samples in a bin</text>' c.svg
    { stream "2 1 1"; floats nan nan; } >nan.nrrd
    volhist --svg nan.nrrd nan.nrrd -o d.svg
    xmllint --noout d.svg
    lacks 'nan,\|inf' d.svg
    fails 2 "volhist: a chart has colours for 7 FILEs" volhist --svg equal.nrrd{,,,,,,,}
    fails 2 "volhist: --mask, --from and -q are for one FILE" volhist --svg -q 3 equal.nrrd part.nrrd
    fails 2 "volhist: one operand too many*" volhist equal.nrrd part.nrrd
    fails 1 "volhist: missing.nrrd: No such file or directory" volhist --svg equal.nrrd missing.nrrd
}

@test "a logarithmic axis" {
    tiff2vol "$CELLS" | volhist --svg --log -o log.svg
    xmllint --noout log.svg
    grep -q '>10<tspan dy="-4" font-size="8">4</tspan></text>' log.svg
    lacks 'nan\|inf' log.svg
    { stream "2 1 1"; floats nan nan; } | volhist --svg --log -o log.svg
    lacks 'nan\|inf' log.svg
    fails 2 "volhist: --log goes with --svg or --ascii" volhist --log </dev/null
}

@test "ticks: whole numbers below a hundred thousand, then with a power" {
    labels() { volhist --svg -b 4 "$@" | grep -o '<text[^>]*>[^<]*' | sed 's/.*>//' | xargs; }
    { stream 4; floats 0 20000 40000 90000; } >below
    { stream 4; floats 0 200000 400000 900000; } >above
    [[ "$(labels below)" == "Histogram 0 20000 40000 60000 80000 0.0 "* ]]
    [[ "$(labels above)" == "Histogram 0 2 4 6 8 1e5 0.0 "* ]]
}

@test "bars for a terminal: as many rows as is nearest, a dot for less than half a row" {
    { stream 333; perl -e 'print pack "f<*", (0) x 160, (1) x 12, (2) x 16, (3) x 144, 4'; } >in
    volhist --ascii -b 5 in | sed -n 's/^.*|//p' | awk -v FS='' '
        { for (i = 0; i < 5; i++) { bars[i] += $(12 * i + 1) == "#"; dots += $(12 * i + 1) == "." } }
        END { print bars[0], bars[1], bars[2], bars[3], bars[4], dots }' >found
    [ "$(cat found)" = "16 1 2 14 0 1" ]
}

@test "drawn with characters: on a logarithmic axis, and beside a hot sample" {
    { stream "20 20 10"; perl -e 'print pack("f<*", (map { $_ % 100 / 100 } 1 .. 3999), 1000)'; } >hot
    volhist --ascii hot >out
    grep -qx '# 4 samples lie outside of 0 to 0.99' out || grep -q '^# [0-9]* samples lie outside of 0 to 0.9' out
    [ "$(grep -c '#####' out)" -gt 5 ]
    volhist --ascii -r 0,1000 hot >whole
    [ "$(grep -c '#####' whole)" = 0 ]
    { stream "8 1 1"; floats 0 0 0 0 0 0 0 1; } >few
    [ "$(volhist --ascii -b 2 few | grep -c '| *.* ##')" -lt "$(volhist --ascii --log -b 2 few | grep -c '| *.* ##')" ] ||
        [ "$(volhist --ascii --log -b 2 few | tr -cd '#' | wc -c)" -gt "$(volhist --ascii -b 2 few | tr -cd '#' | wc -c)" ]
}

@test "of labels it says how many there are" {
    { stream "4 1 1" float labels:=9; floats 0 1 9 9; } >labels
    volhist -b 3 labels | sed -n 2p | grep -qx '# labels up to 9'
    volhist --json labels | grep -q '"labels": 9'
    volset --drop labels labels | volhist -b 3 | lacks labels -
}
