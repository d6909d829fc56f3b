load helpers

@test "spacing, unit and origin" {
    { stream "2 1 1"; floats 1 2; } >in
    volset --spacing 0.29,0.26,0.26um in | volinfo --header >out
    grep -qx 'spacing     (0.29, 0.26, 0.26) um' out
    volset --spacing 2 in | volinfo --header | grep -qx 'spacing     (2, 2, 2)'
    volset --spacing 2 in | volset --unit 'µm' | volinfo --header | grep -qx 'spacing     (2, 2, 2) um'
    volset --spacing 1,2,3nm --origin 7,8,-9 in | volinfo --header >out
    grep -qx 'spacing     (1, 2, 3) nm' out
    grep -qx 'origin      (7, 8, -9) x, y, z' out
    volset --spacing 1,2,3nm --origin 7,8,-9 in | volset --drop spacing | volinfo --header | grep -q '^spacing     (unknown'
    volset --spacing 1,2,3nm --origin 7,8,-9 in | volset --drop unit --drop origin | volinfo --header >out
    grep -qx 'spacing     (1, 2, 3)' out
    lacks '^origin' out
}

@test "directions are kept" {
    { stream "2 3 4" float 'space dimension: 3' 'space directions: (0,-0.3,0) (0.3,0,0.4) (0,0,2)' 'space units: "um" "um" "um"'
        floats $(seq 24); } >in
    volset --spacing 5,1,0.7 in | head -n 12 >head.txt || true
    grep -aqx 'space directions: (0,-0.7,0) (0.6,0,0.8) (0,0,5)' head.txt
}

@test "notes" {
    { stream "2 1 1" float "window:=0 1" "note:=old"; floats 1 2; } >in
    volset --note note=new --note 'a key=a=b c' --drop window in | volinfo --header >out
    grep -qx 'note        new' out
    grep -qx 'a key       a=b c' out
    lacks '^window' out
    volset --note 'window=0 0.5' in | volinfo --header --json | grep -q '"window": \[0, 0.5\]'
    volset --spacing 2um in | volinfo --header | grep -qx 'history     volset --spacing 2um'
    volset --drop window in | volset --drop history | volinfo --header | grep -qx 'history     volset'
}

@test "samples pass as they are, whatever they are" {
    { stream "4096 16 4"; head -c 1048576 /dev/urandom; } >in
    volset --note a=b in | tail -c 1048576 | cmp - <(tail -c 1048576 in)
    volset --note a=b < <(cat in) | tail -c 1048576 | cmp - <(tail -c 1048576 in)
    head -c 9999 in >short
    fails 1 "volset: short: stream ends in plane 0 of 4 (row 0)" volset --note a=b short -o out
    [ ! -e out ]
}

@test "what can't be asked is refused" {
    { stream "2 1 1"; floats 1 2; } >in
    fails 2 "volset: nothing to set; see volset --help" volset in
    fails 2 "volset: --spacing: '-1' is negative" volset --spacing -1 in
    fails 2 "volset: --spacing: the row axis has spacing 0" volset --spacing 1,0,1 in
    fails 2 "volset: --unit: 'furlong' is not a unit of length that is known" volset --unit furlong in
    fails 2 "volset: --spacing and --unit both name a unit" volset --spacing 1um --unit nm in
    fails 2 "volset: --note: needs KEY=VALUE, not 'x'" volset --note x in
    fails 2 "volset: --note: needs KEY=VALUE, not 'a:b=x'" volset --note a:b=x in
    fails 1 "volset: --drop: there is no note 'x'" volset --drop x in
    fails 1 "volset: --origin needs the spacing along the plane axis, which is unknown: give --spacing" volset --origin 1,2,3 in
    fails 1 "volset: --unit needs the spacing along the plane axis, which is unknown: give --spacing" volset --unit um in
}
