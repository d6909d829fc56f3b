load helpers

# Volumes of 40 planes of 100 x 100 samples that a pipe brings, against the same in a file.
# volume KIND: its stream. few: 1000 values; many: a new one each time; apart: too many in all, but
# not among any two thirds of the samples; the others change their ways in plane 20.
volume() {
    stream "100 100 40"
    perl -e '
        my ($kind, $n) = ($ARGV[0], 400000);
        my @v = map { ($_ * 7919 % 1000) / 999 } 0 .. $n - 1;
        for my $i ($kind eq "many" ? 0 .. $n - 1 : $kind eq "more" ? $n / 2 .. $n - 1 : ()) {
            $v[$i] = $i / 4096;
        }
        @v = map { (int($_ / 65536) * 16384 + ($_ / 4) % 16384) / 4096 } 0 .. $n - 1 if $kind eq "apart";
        @v[3, 4, 5] = (-0.0, 0, -1e-42);
        my $bytes = pack "f<*", @v;
        my %odd = (nan => 0x7fc12345, ones => 0xffffffff, infinite => 0x7f800000);
        substr($bytes, 4 * ($n / 2 + 5), 4) = pack "L<", $odd{$kind} if $odd{$kind};
        print $kind eq "short" ? substr($bytes, 0, 2 * $n) : $bytes' "$1"
}

@test "a second pass: few values, many, more on the way, NaN: from a pipe as from a file" {
    for kind in few many more apart nan ones; do
        volume "$kind" >in
        for filter in "voleq" "voleq -b 1000 -r 0,0.9" "volclip" "volclip -q 20,80 --to 5,-5" \
            "volhist -q 1,50,99" "vol2png -m auto" "vol2png -m auto -w plane"; do
            echo "$kind: $filter"
            $filter <in >whole
            for jobs in 1 3; do
                cat in | $filter -j "$jobs" | cmp whole -
            done
        done
    done
}

@test "a second pass: statistics made from a pipe are those of the file" {
    for kind in few many more nan; do
        volume "$kind" >in
        volstats <in >whole
        cat in | volstats | cmp - whole
        cat in | volstats -j 3 | cmp - whole
    done
}

@test "a second pass: what a pipe lacks, or holds too much, is told as of a file" {
    volume infinite >in
    fails 1 "voleq: standard input: infinite sample at plane 20, row 0, column 5; *" voleq <in
    fails 1 "voleq: standard input: infinite sample at plane 20, row 0, column 5; *" sh -c 'cat in | voleq'
    volume short >in
    fails 1 "voleq: standard input: stream ends in plane 20 of 40 (row 0)" voleq <in
    fails 1 "voleq: standard input: stream ends in plane 20 of 40 (row 0)" sh -c 'cat in | voleq'
}

@test "a second pass keeps few values in two bytes a sample" {
    unsanitized
    volume few >few
    volume many >many
    voleq few >whole
    # 800 KB are needed, and 1600 KB for floats.
    (ulimit -f 1000; cat few | voleq) | cmp - whole
    run sh -c 'ulimit -f 1000; trap "" XFSZ; cat many | voleq 2>&1 >/dev/null'
    echo "$output"
    [[ "$output" == "voleq: standard input must be read twice, and a copy of 1.6 MB can't be kept in "* ]]
}
