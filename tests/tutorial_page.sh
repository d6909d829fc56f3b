#!/bin/sh
# tutorial_page.sh FOLDER [NAME] <COMMANDS >FOLDER/index.html
#
# The tutorial as one page beside its figures in FOLDER. COMMANDS is what `make -nB` says of
# tutorial.mk: the page shows the very commands that made a figure. FOLDER's own name, in COMMANDS
# perhaps another NAME, is left out.
set -eu

folder=${1:?usage: tutorial_page.sh FOLDER [NAME] <COMMANDS}
name=${2:-$folder}
commands=$(cat)

escape() {
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'
}

shorten() { # shorten FOLDER
    FOLDER="$1/" awk '{
        folder = ENVIRON["FOLDER"]
        while ((at = index($0, folder)) > 0)
            $0 = substr($0, 1, at - 1) substr($0, at + length(folder))
        print
    }'
}

# command_of FILE: the first command, continued lines and all, that ends in FOLDER/FILE.
command_of() {
    printf '%s\n' "$commands" | FILE="$name/$1" awk '
        {
            whole = whole $0
            if (/\\$/) { whole = whole "\n"; next }
            file = ENVIRON["FILE"]
            before = length(whole) - length(file)
            if (substr(whole, before + 1) == file && substr(whole, before, 1) ~ /[ >]/) {
                print whole
                found = 1
                exit
            }
            whole = ""
        }
        END { exit !found }
    ' || { echo "tutorial_page.sh: no command makes $name/$1" >&2; return 1; }
}

# made FILE...: the commands that made them.
made() {
    printf '<pre class="command"><code>'
    for file; do
        command=$(command_of "$file")
        printf '%s\n' "$command" | shorten "$name" | escape
    done
    echo '</code></pre>'
}

# printed FILE: what a command said.
printed() {
    printf '<pre class="printed"><code>'
    shorten "$folder" <"$folder/$1" | escape
    echo '</code></pre>'
}

command_of cells.nrrd >/dev/null # nothing is written for another Makefile's commands

# figure FILE CLASS ALT [CAPTION]
figure() {
    [ -s "$folder/$1" ] || { echo "tutorial_page.sh: $folder/$1: is missing or empty" >&2; return 1; }
    printf '<figure class="%s"><a href="%s"><img src="%s" alt="%s"></a>' "$2" "$1" "$1" "$3"
    [ $# -lt 4 ] || printf '<figcaption>%s</figcaption>' "$4"
    echo '</figure>'
}

# explorer FILE TITLE
explorer() {
    [ -s "$folder/$1" ] || { echo "tutorial_page.sh: $folder/$1: is missing or empty" >&2; return 1; }
    printf '<iframe class="wide" src="%s" title="%s" loading="lazy"></iframe>\n' "$1" "$2"
    printf '<p><a class="open" href="%s">Open the explorer on its own</a></p>\n' "$1"
}

cat <<'END'
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Explore 3D images (of cells)</title>
<style>
:root {
    color-scheme: light dark;
    --page: #fff; --text: #1c2127; --soft: #57606a; --line: #d5dae0;
    --command: #f3f4f6; --link: #0b5cad;
}
@media (prefers-color-scheme: dark) {
    :root {
        --page: #16181c; --text: #e6e7e9; --soft: #a3adb8; --line: #323a43;
        --command: #20242a; --link: #7cb8ff;
    }
}
* { box-sizing: border-box }
body {
    margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 51rem;
    background: var(--page); color: var(--text);
    font: 1rem/1.6 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}
h1 { margin: 0 0 1rem; font-size: 1.8rem; line-height: 1.25 }
h2 { margin: 3rem 0 .5rem; font-size: 1.3rem; line-height: 1.3 }
p { margin: .75rem 0; max-width: 42rem }
a { color: var(--link) }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
pre {
    margin: .75rem 0; padding: .6rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere;
    font: .82rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
pre.command { background: var(--command); border-radius: 4px }
pre.printed { border-left: 3px solid var(--line); color: var(--soft) }
figure { margin: 1rem 0 }
figcaption { color: var(--soft); font-size: .9rem; text-align: center }
figure a { display: block }
img { display: block; max-width: 100%; height: auto }
.wide { width: min(72rem, 100vw - 3rem); margin-left: calc(50% - min(36rem, 50vw - 1.5rem)) }
.views img, .pixels img { width: 100% }
.pixels img { image-rendering: pixelated }
p code { white-space: nowrap }
.columns { display: grid; gap: 1rem; align-items: start }
.columns figure { margin: 0 }
.columns img { width: 100% }
.half { max-width: 30rem }
.three .chart { margin-top: .5rem }
.three { grid-template-columns: repeat(3, 1fr) }
.two { grid-template-columns: repeat(2, 1fr) }
iframe { display: block; width: 100%; height: 44rem; border: 1px solid var(--line); border-radius: 4px }
@media (max-width: 60rem) {
    .wide { width: 100%; margin-left: 0 }
    .three { grid-template-columns: 1fr }
    .three > div { display: grid; grid-template-columns: repeat(2, 1fr); gap: 1rem }
    .half { max-width: 30rem }
.three .chart { margin: 0 }
}
@media (max-width: 40rem) {
    .three > div { grid-template-columns: 1fr; gap: .5rem }
    .montage, .views { overflow-x: auto }
    .montage img, .views img { width: 32rem; max-width: none }
    .two { grid-template-columns: 1fr }
    iframe { display: none }
    a.open { display: block; padding: .6rem; border: 1px solid var(--line); border-radius: 4px; text-align: center }
}
</style>
</head>
<body>
<h1>Explore 3D images (of cells)</h1>
END

cat <<'END'
<p>A stack of microscope images is a volume. Here it is cut through its middle along each axis, in
true proportions: one plane of the stack, one row of every plane, and one column of every plane.</p>
END
figure views.png views 'Three sections through the middle of the volume, side by side: a plane, a row and a column'
cat <<'END'
<p>This page goes through scikit-image’s tutorial of the same name with small programs: each reads a
volume, does one thing to it, and passes it on. Every picture stands below the command that made it.
All files lie beside this page, so their folder is left out.</p>

<main>
<h2 id="load">Load a stack</h2>
<p>A microscope’s stack becomes a stream: a text header that says what the volume is, then its
samples, scaled from the integers’ full range to 0…1. Its axes are plane, row and column.</p>
END
made cells.nrrd facts.txt
cat <<'END'
<p><code>--spacing</code> says how far apart samples lay in the microscope, from plane to plane, row
to row and column to column. This stack was made smaller since: <code>--downsampled</code> says how
many samples became one along each axis, and multiplies the spacing by that.</p>
END
printed facts.txt

cat <<'END'
<h2 id="spacing">How far apart samples are</h2>
<p>Three spacings: as the microscope took the image, as it is after it was made smaller, and
normalized, so that a step along a row is 1. Where planes lie further apart than columns, a view
from the side must be stretched to be true.</p>
END
made spacing.txt
printed spacing.txt

cat <<'END'
<h2 id="plane">A volume is not a picture</h2>
<p>Asked to draw a volume as one picture, the program declines, and says what there is to ask for.</p>
END
made refused.txt
printed refused.txt
cat <<'END'
<p>One plane is a picture; so is one row of every plane, drawn here by the spacing.</p>
END
made plane.png row.png
echo '<div class="columns two">'
figure plane.png pixels 'The middle plane of the volume' 'The middle plane'
figure row.png pixels 'The middle row of each plane, one below the other' 'The middle row of every plane'
echo '</div>'

cat <<'END'
<h2 id="views">Three views</h2>
<p>The picture at the top of this page is one command, too.</p>
END
made views.png

cat <<'END'
<h2 id="montage">All planes</h2>
<p>The planes side by side, each with its number, all with the same black and white.</p>
END
made montage.png
figure montage.png montage 'The planes of the volume in a grid, numbered from 0 at the top left'

cat <<'END'
<h2 id="pipes">Programs in a pipe</h2>
<p>What a program writes, the next one reads at once, without a file between them. The brightest
sample along all planes is a volume of one plane, which is drawn with a scale bar:</p>
END
made projection.png
figure projection.png half 'The maximum of all planes: every nucleus at its brightest, with a scale bar'
cat <<'END'
<p>From the stack to a picture: read, clip, brighten, draw. Each plane goes on as soon as it is there,
so that a volume larger than the memory passes through as well.</p>
END
made bright.png
figure bright.png views 'The three views after clipping and gamma: the nuclei stand out from the dark'

cat <<'END'
<h2 id="explore">Explore the slices</h2>
<p>One file to look around in, that works without a network: sliders for plane, row and column, and
a box that shows where the slices lie. “Show” turns each slice into a projection.</p>
END
made explore.html
explorer explore.html 'Explorer of the original volume'

cat <<'END'
<h2 id="gamma">Gamma</h2>
<p>Each sample raised to a power. Below 1, dark samples become brighter and spread apart; above 1,
they move closer to black; 1 changes nothing. The histograms count the samples of the whole volume,
in fewer bins than the stack has grey levels: with more, some would stay empty and look like gaps in
the data.</p>
END
for gamma in 1 0.5 1.5; do
    made "gamma-$gamma.nrrd" "gamma-$gamma.png" "gamma-$gamma.svg"
done
echo '<div class="columns three wide">'
for gamma in 1 0.5 1.5; do
    echo '<div>'
    figure "gamma-$gamma.png" pixels "The middle plane at gamma $gamma"
    figure "gamma-$gamma.svg" chart "Histogram and cumulative distribution of the volume at gamma $gamma"
    echo '</div>'
done
echo '</div>'

cat <<'END'
<h2 id="equalize">Histogram equalization</h2>
<p>Each sample replaced by the share of samples that are no brighter, so that all grey levels are
used about equally. Structure in the dark becomes visible, and noise with it.</p>
END
made equalized.nrrd equalized.png
figure equalized.png montage 'The planes of the equalized volume in a grid'
cat <<'END'
<p>Both volumes side by side: the cross moves in both.</p>
END
made equalized.html
explorer equalized.html 'Explorer of the original and the equalized volume, side by side'

cat <<'END'
<h2 id="histograms">Histograms before and after</h2>
<p>The bars count samples; the line is the share of samples up to each value. Equalization turns
that line into a straight one.</p>
END
made original.svg equalized.svg
echo '<div class="columns two">'
figure original.svg chart 'Histogram and cumulative distribution of the original volume'
figure equalized.svg chart 'Histogram of the equalized volume, and its cumulative distribution, nearly a straight line'
echo '</div>'

cat <<'END'
<h2 id="clip">Clip the extremes</h2>
<p>A few very bright or very dark samples leave little contrast for all others. Here everything
beyond the percentiles 0.5 and 99.5 becomes black or white, and the rest is stretched between.</p>
END
made limits.txt
printed limits.txt
made clipped.nrrd clipped.png clipped.svg
figure clipped.png montage 'The planes of the clipped volume in a grid: the cells are brighter than in the original'
figure clipped.svg half 'Histogram and cumulative distribution of the clipped volume'

cat <<'END'
<h2 id="local">Local contrast</h2>
<p>Equalization within tiles brings out structure in dark and bright parts alike. By default a tile
is an eighth of the volume along each axis, which is another length from plane to plane than within
planes. Here is the default, and a tile as large in real coordinates along each axis.</p>
END
made tiles.txt
printed tiles.txt
made local-default.nrrd local-default.png local-equal.nrrd local-equal.png
figure local-default.png views 'Three views of the volume after local equalization with tiles of the default shape' 'The default: an eighth of each axis'
figure local-equal.png views 'Three views of the volume after local equalization with tiles of equal size along each axis' 'Tiles of the same size along each axis'

cat <<'END'
<h2 id="noise">Salt-and-pepper noise</h2>
<p>One sample in twenty-five is made black or white. The median of each sample and its neighbours
takes such noise away and keeps edges.</p>
END
made noisy.nrrd noisy.png median.nrrd median.png
echo '<div class="columns two">'
figure noisy.png pixels 'The middle plane with black and white dots' 'With noise'
figure median.png pixels 'The middle plane without dots' 'The median of 3 × 3 × 3 voxels'
echo '</div>'

cat <<'END'
<h2 id="count">Count the nuclei</h2>
<p>A smoothed volume above Otsu's threshold, with the holes of each plane filled, is a mask
(<code>filters.gaussian</code>, <code>threshold_otsu</code>, <code>ndi.binary_fill_holes</code>). How deep each
voxel lies in it, in micrometres, has a peak in each nucleus (<code>ndi.distance_transform_edt</code>), and a
watershed grows the peaks to nuclei, so that those that touch come apart
(<code>segmentation.watershed</code>).</p>
END
made mask.nrrd depth.nrrd markers.nrrd grown.nrrd nuclei.nrrd nuclei.png
figure nuclei.png montage 'The planes of the volume of labels in a grid: each nucleus in a colour of its own'
cat <<'END'
<p>A table has a line for each (<code>measure.regionprops_table</code>): here the first ones, with their
volume, surface and mean brightness. A column can be painted
over the objects (<code>util.map_array</code>).</p>
END
made nuclei.tsv nuclei.txt
printed nuclei.txt
made mean.png
figure mean.png views 'The middle plane: each nucleus in a colour from violet to yellow by its mean brightness' 'Nuclei by their mean brightness'
made nuclei.html
explorer nuclei.html 'The labels of the nuclei in the explorer'

cat <<'END'
</main>
</body>
</html>
END
