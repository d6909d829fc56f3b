# What files say of their channels: names and colours, as notes, in pictures and in the page.
load helpers

# ome COLOUR COLOUR [NAME NAME]: an OME-TIFF of two channels.
ome() {
    need_python tifffile numpy
    "$PYTHON" - "$@" <<'END'
import sys, numpy, tifffile
colours, names = sys.argv[1:3], sys.argv[3:5] or ["", ""]
channels = "".join(f'<Channel ID="Channel:0:{i}" SamplesPerPixel="1"' + (f' Color="{c}"' if c else "") +
                   (f' Name="{n}"' if n else "") + "/>" for i, (c, n) in enumerate(zip(colours, names)))
xml = ('<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">'
       '<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="2" SizeY="1" SizeZ="1" SizeC="2" SizeT="1">'
       f'{channels}<TiffData/></Pixels></Image></OME>')
tifffile.imwrite("two.ome.tif", numpy.array([[[255, 0]], [[0, 255]]], "uint8"), photometric="minisblack",
                 description=xml, metadata=None)
END
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
