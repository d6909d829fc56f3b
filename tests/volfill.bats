load helpers

plane() { # plane ROWS...: a mask of one plane, "." for 0
    stream "${#1} $#" float
    perl -e 'print pack "f<*", map { $_ eq "." ? 0 : $_ } map { split // } @ARGV' -- "$@"
}

drawn() { # drawn COLUMNS
    samples | tr 0 . | paste -sd '' | fold -w "$1" | paste -sd ' '
}

@test "fixed results: holes of planes and of volumes" {
    plane .777. 7...7 .777. >in
    [ "$(volfill --planes in | drawn 5)" = ".111. 11111 .111." ]
    [ "$(volfill in | drawn 5)" = ".111. 1...1 .111." ] # a plane alone is all face
    { stream "3 3 3"; floats 1 1 1 1 1 1 1 1 1  1 1 1 1 0 1 1 1 1  1 1 1 1 1 1 1 1 1; } >in
    [ "$(volfill in | samples | sort -u)" = 1 ]
    { stream "3 3 3"; floats 1 1 1 1 1 1 1 1 1  1 1 1 1 0 1 1 1 1  1 1 1 1 0 1 1 1 1; } >tunnel
    [ "$(volfill tunnel | samples | grep -c 0)" = 2 ]
    [ "$(volfill --planes tunnel | samples | sort -u)" = 1 ]
    [ "$(volfill --max-size 2 tunnel | samples | grep -c 0)" = 2 ]
    [ "$(volfill --max-size 3 tunnel | samples | sort -u)" = 1 ]
    [ "$(volfill --max-size 0 in | samples | grep -c 0)" = 1 ]
}

@test "what comes out is a mask, and says so; a slab is filled by itself, which is said" {
    { stream "3 3 4"; perl -e 'print pack "f<*", map { 0.5 } 1 .. 36'; } >in
    volfill in | volinfo --header | grep -qx 'mask        1'
    volcrop --part 1/2 in >slab
    volfill slab 2>said >out
    grep -q 'volfill: slab: is planes 0:2 of 4: ' said
    volfill --planes slab 2>said >out
    [ ! -s said ]
    fails 1 "volfill: --max-size: a volume in um^3 needs the spacing *" volfill --max-size 1um3 in
}
