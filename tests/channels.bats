# What files say of their channels: names and colours, as notes, in pictures and in the page.
load helpers

# ome COLOUR COLOUR [NAME NAME]: an OME-TIFF of two channels.
ome() {
    need_python tifffile numpy
    "$PYTHON" "$REFERENCE/steps_channels.py" ome_two_channels "$@"
}

noted() {
    sed -n "/^\$/q; s/^channel $1:=//p" "$2"
}

pixels() {
    pngtopam "$1" | pnmtoplainpnm | tail -n +4 | tr -s ' \n' ' '
}

@test "names and colours of OME's channels become notes, and the colours of a composite" {
    need pngtopam
    ome -16776961 16711935 DAPI 'GFP, bright' # red, green
    tiff2vol --channels all two.ome.tif -o two.nrrd
    [ "$(noted names two.nrrd)" = "DAPI, GFP; bright" ]
    [ "$(noted colours two.nrrd)" = "ff0000,00ff00" ]
    vol2png -n 0 two.nrrd -o two.png
    [ "$(pixels two.png)" = "255 0 0 0 255 0 " ]
    vol2png -n 0 --colours blue,white two.nrrd -o two.png
    [ "$(pixels two.png)" = "0 0 255 255 255 255 " ]
    local colour
    for colour in 12345 1234567 12345g red, blu; do
        fails 2 "vol2png: --colours: needs a list of at most 16 colours (*, not '$colour'" vol2png -n 0 --colours "$colour" two.nrrd
    done
    # they follow the channels: one of them has none, and others than stated have none
    volcrop two.nrrd -o same.nrrd
    [ "$(noted colours same.nrrd)" = "ff0000,00ff00" ]
    tiff2vol -c 1 two.ome.tif -o one.nrrd
    [ -z "$(noted names one.nrrd)" ]
    volcat --axis channel one.nrrd one.nrrd one.nrrd | volset --note "channel colours=ff0000,00ff00" | vol2png -n 0 -o three.png
}

@test "colours that do not tell channels apart are none" {
    ome -1 -1
    tiff2vol --channels all two.ome.tif -o two.nrrd
    [ -z "$(noted colours two.nrrd)" ] && [ -z "$(noted names two.nrrd)" ]
    ome -16776961 "" A B
    tiff2vol --channels all two.ome.tif -o two.nrrd
    [ -z "$(noted colours two.nrrd)" ]
    [ "$(noted names two.nrrd)" = "A, B" ]
    ome 99999999999 16711935
    tiff2vol --channels all two.ome.tif -o two.nrrd
    [ -z "$(noted colours two.nrrd)" ]
}

# imagej ORDER COLOUR...: an ImageJ composite with a table of colours for each channel: RRGGBB from
# black, or fire.
imagej() {
    need_python tifffile numpy
    "$PYTHON" "$REFERENCE/steps_channels.py" imagej_colours "$@"
}

@test "the colours of an ImageJ composite become notes, in both byte orders" {
    need pngtopam
    local order
    for order in '<' '>'; do
        imagej $order 00ff00 ff00ff
        tiff2vol --channels all imagej.tif -o two.nrrd
        [ "$(noted colours two.nrrd)" = "00ff00,ff00ff" ]
        vol2png -n 0 two.nrrd -o two.png
        [ "$(pixels two.png)" = "0 255 0 255 0 255 " ]
        imagej $order ffffff ffffff
        tiff2vol --channels all imagej.tif -o two.nrrd
        [ -z "$(noted colours two.nrrd)" ]
        imagej $order fire 0000ff
        tiff2vol --channels all imagej.tif -o two.nrrd
        [ -z "$(noted colours two.nrrd)" ]
    done
}

@test "tables of colours that are cut or damaged leave the samples as they are" {
    imagej '<' 00ff00 ff00ff
    tiff2vol --channels all imagej.tif | samples >whole
    "$PYTHON" "$REFERENCE/steps_channels.py" damage_colours
    local file files=0
    for file in size-*.tif part-*.tif count-*.tif place-*.tif; do
        tiff2vol --channels all "$file" 2>said | samples | cmp - whole || { echo "$file"; cat said; return 1; }
        files=$((files + 1))
    done
    [ $files -gt 50 ]
}

@test "the page knows them" {
    need jq
    ome -16776961 16711935 DAPI GFP
    tiff2vol --channels all two.ome.tif | vol2html >page.html
    perl -0777 -ne 'print $1 if /id="facts">(.*?)<\/script>/s' page.html | jq -c '[.channelNames, .channelColours]' >said
    [ "$(cat said)" = '[["DAPI","GFP"],["ff0000","00ff00"]]' ]
    { stream "2 1 1 1" float "kinds: vector domain domain domain" "channel colours:=ff0000,xx" "channel names:=a"
      floats 1 2; } | vol2html >page.html
    perl -0777 -ne 'print $1 if /id="facts">(.*?)<\/script>/s' page.html | jq -c '[.channelNames, .channelColours]' >said
    [ "$(cat said)" = '[["",""],null]' ]
}

@test "alpha is shown in the window of the stream, from 0 on, else as 0 to 1" {
    need pngtopam
    local fields alphas
    while read -r fields alphas; do
        { stream "4 2 1 1" float "kinds: RGBA-color domain domain domain" "window:=${fields/_/ }"
            floats 2 1 0 1 0 2 1 2; } >in.nrrd
        vol2png -n 0 in.nrrd -o out.png
        [ "$(pngtopam -alphapam out.png | tail -c 8 | od -An -tu1 | awk '{ print $4, $8 }')" = "$alphas" ] ||
            { echo "not $fields"; return 1; }
    done <<END
0_2 128 255
1_2 128 255
0_4 64 128
-3_-1 255 255
END
    { stream "4 2 1 1" float "kinds: RGBA-color domain domain domain"; floats 2 1 0 0.2 0 2 1 2; } >in.nrrd
    vol2png -n 0 in.nrrd -o out.png
    [ "$(pngtopam -alphapam out.png | tail -c 8 | od -An -tu1 | awk '{ print $4, $8 }')" = "51 255" ]
}

@test "a name that two channels have is that of the first" {
    ome 255 65535 DAPI DAPI
    tiff2vol -c DAPI two.ome.tif | samples >named
    tiff2vol -c 0 two.ome.tif | samples | cmp - named
    ! tiff2vol -c 1 two.ome.tif | samples | cmp -s - named || return 1
}
