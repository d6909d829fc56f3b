# How tiff2vol and volinfo understand files like those that users of other programs reported:
# tiff_reports.py; the files are in data/reports.
load helpers

report() {
    need_python tifffile skimage
    "$PYTHON" "$REFERENCE/tiff_reports.py" "$1" "$DATA/reports"
}

@test "several descriptions of a page" { report descriptions; }
@test "NDTiff and Micro-Manager: pages by their axes" { report micromanager; }
@test "MetaMorph: XML on each page, STK in time" { report metamorph; }
@test "MetaMorph STK: wavelengths" { report stk_waves; }
@test "ScanImage: flyback, frames of a slice" { report scanimage; }
@test "ImageJ: a Java Properties text, its units" { report properties; }
@test "ImageJ: samples of a pixel counted as channels" { report samples; }
@test "Improvision: a text on each page" { report improvision; }
@test "QPTIFF and MIBI: a page for each channel" { report channel_pages; }
@test "files that say where they belong" { report files; }
@test "texts and names of files that nobody reads" { report texts; }
@test "NIH Image" { report nih; }

@test "a word about what is not believed" {
    for program in volinfo tiff2vol; do
        $program "$DATA/reports/stk-negative-distance.tif" >out 2>word
        head -n 1 word >first
        diff first - <<<"$program: $DATA/reports/stk-negative-distance.tif: MetaMorph's distance of planes is negative or absurd: taken as unknown"
        $program "$DATA/reports/nih-image-stack.tif" >out 2>word
        [ ! -s word ]
    done
}
