load helpers

peaks() { # peaks "N..." OPTION...: what becomes of a row
    local row=$1
    shift
    # shellcheck disable=SC2086 # numbers
    { stream "$(wc -w <<<"$row") 1 1"; floats $row; } | volpeaks "$@" | samples | xargs
}

@test "fixed results: larger than all around, plateaus are one peak" {
    [ "$(peaks "1 3 2 5 4 4 6")" = "0 1 0 2 0 0 3" ]
    [ "$(peaks "1 3 2 5 4 4 6" --size 5)" = "0 0 0 1 0 0 2" ]
    [ "$(peaks "2 2 1 3 3 3 1")" = "1 1 0 2 2 2 0" ]
    [ "$(peaks "7 7 7")" = "1 1 1" ]
    [ "$(peaks "1 3 2 5 4 4 6" --min 5)" = "0 0 0 1 0 0 2" ]
    [ "$(peaks "1 3 2 5 4 4 6" --min 5.5)" = "0 0 0 0 0 0 1" ]
    [ "$(peaks "-1 -3 -2")" = "1 0 2" ]
    [ "$(peaks "1 nan 2 1 5 1")" = "0 0 0 0 1 0" ]
}

@test "a mask decides which peaks count, not what they are compared with" {
    { stream "5 1 1"; floats 1 5 2 4 1; } >in
    { stream "5 1 1"; floats 1 0 1 1 0; } >mask
    [ "$(volpeaks --mask mask in | samples | xargs)" = "0 0 0 1 0" ]
    [ "$(volpeaks --size 7 --mask mask in | samples | xargs)" = "0 0 0 0 0" ]
    volpeaks --mask mask <in | volinfo --header | grep -qx 'labels      1'
    volpeaks --mask - in <mask | samples | cmp - <(volpeaks --mask mask in | samples)
}

@test "refusals" {
    { stream "5 1 1"; floats 1 5 2 4 1; } >in
    { stream "4 1 1"; floats 1 0 1 1; } >other
    fails 1 "volpeaks: other: is 1 x 1 x 4 (planes, rows, columns), but in is 1 x 1 x 5" volpeaks --mask other in
    { stream "2 5 1 1" float "kinds: vector domain domain domain"; floats 1 1 5 5 2 2 4 4 1 1; } >two
    fails 1 "volpeaks: two: has 2 channels: objects are of one (volcrop --channels)" volpeaks two
    fails 1 "volpeaks: two: has several channels, where a mask of one is needed" volpeaks --mask two in
    fails 1 "volpeaks: --size: a length in um needs the spacing *" volpeaks --size 3um in
}
