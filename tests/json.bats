# The reader of JSON: values by key and index, cut off and damaged texts. The program prints what is
# wrong.
load helpers

@test "JSON: values are found, broken texts are read as far as they are whole" {
    run "$B"/tests/check_json
    [ "$status" = 0 ]
    [ "$output" = "" ]
}

@test "JSON: bytes that are no UTF-8 are Latin-1, so that the text is always UTF-8" {
    local bytes wanted
    while read -r bytes wanted; do
        { stream 1 float "note:=$(printf "$bytes")"; floats 0; } | volinfo --json |
            perl -MJSON::PP -0777 -ne 'binmode STDOUT, ":utf8"; printf "%vx\n", JSON::PP->new->utf8->decode($_)->{notes}{note} // "?"' >found
        [ "$(cat found)" = "$wanted" ] || { echo "$bytes: $(cat found), expected $wanted"; return 1; }
    done <<'END'
a\xf4\x8f\xbf\xbdb 61.10fffd.62
a\xf4\x90\x80\x80b 61.f4.90.80.80.62
a\xed\xa0\x80b 61.ed.a0.80.62
a\xe0\x9f\xbfb 61.e0.9f.bf.62
a\xf0\x8f\xbf\xbfb 61.f0.8f.bf.bf.62
a\xc1\xbfb 61.c1.bf.62
a\xf0\x90\x80\x80b 61.10000.62
END
}
