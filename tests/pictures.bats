# What pictures show, whichever program draws them: colours, captions, windows.
load helpers

pixels() {
    pngtopam "$1" | pnmtoplainpnm | tail -n +4 | tr -s ' \n' ' '
}

@test "colour maps of 32 points: between these in proportion" {
    need pngtopam
    { stream "256 1 1" float "window:=0 255"; floats $(seq 0 255); } >ramp.nrrd
    vol2png --cmap fire -n 0 ramp.nrrd -o fire.png
    # colours 0, 1, 2, 4, 8, 9, 12 and the last ones of ImageJ's table
    [ "$(pixels fire.png | tr ' ' '\n' | paste -d , - - - | sed -n '1p;2p;3p;5p;9p;10p;13p;255p;256p' | xargs)" = \
        "0,0,0 0,0,7 0,0,15 0,0,30 0,0,61 0,0,65 0,0,78 255,255,255 255,255,255" ] ||
        { pixels fire.png | tr ' ' '\n' | paste -d , - - - | sed -n '1p;2p;3p;5p;9p;10p;13p;255p;256p' | xargs; return 1; }
}

@test "a scale bar whose label is wider than the picture does not fit" {
    { stream "30 200 1" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,1)" \
        'space units: "um" "um" "um"'; head -c 24000 /dev/zero; } >narrow.nrrd
    fails 1 "vol2png: a scale bar of 0.0123 mm does not fit a picture of 30 x 200 pixels" \
        vol2png -n 0 -w 0,1 --scalebar 0.0123mm narrow.nrrd
    vol2png -n 0 -w 0,1 --scalebar 2um narrow.nrrd >/dev/null
}

@test "windows: limits and percentiles in order" {
    { stream 2; floats 0 1; } >in.nrrd
    local window
    for window in percentile:90,10 percentile:-1,10 percentile:1,100.5 percentile:1 1,0 nan,1; do
        fails 2 "vol2png: --window: needs *, not '$window'" vol2png -n 0 -w "$window" in.nrrd
    done
}

@test "a channel without contrast is dark in a composite, at its one level and below; light above" {
    need pngtopam
    { stream "2 3 1 1" float "kinds: vector domain domain domain"; floats 0.5 0 0.5 1 0.5 1; } >flat.nrrd
    vol2png -n 0 -w minmax --colours red,green flat.nrrd -o flat.png
    [ "$(pixels flat.png)" = "0 0 0 0 255 0 0 255 0 " ]
    vol2png -n 0 -w 0.5,0.5 --colours red,green flat.nrrd -o flat.png
    [ "$(pixels flat.png)" = "0 0 0 0 255 0 0 255 0 " ]
}

@test "a sample above a channel's window has the channel's colour in a composite, no lighter one" {
    need pngtopam
    { stream "2 3 1 1" float "kinds: vector domain domain domain"; floats 3 0 1 0 0.5 0; } >bright.nrrd
    vol2png -n 0 -w 0,1 --colours 804020,none bright.nrrd -o bright.png
    [ "$(pixels bright.png)" = "128 64 32 128 64 32 64 32 16 " ]
}

# dots FILE: pixels a metre across and down, and 1; or what the proportions are, and 0.
dots() {
    perl -0777 -ne 'print join " ", unpack "N2 C", $1 if /pHYs(.{9})/s' "$1"
}

@test "the size of a pixel is said in metres where whole pixels a metre are near it" {
    local step wanted
    while read -r step wanted; do
        { stream "4 4 1" float "window:=0 1"; floats $(seq 16); } | volset --spacing "${step}m" | vol2png -n 0 -o out.png
        [ "$(dots out.png)" = "$wanted" ] || { echo "$step: $(dots out.png)"; return 1; }
    done <<END
0.001 1000 1000 1
0.0033333 300 300 1
0.25 4 4 1
0.77 1 1 0
3 1 1 0
END
}
