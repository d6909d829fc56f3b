// Slices: each is drawn on a canvas with a pixel for a sample. NaN and what has not come yet stay
// transparent.

// Which axes a view shows, from left to right and from top to bottom. The column view lies beside
// the plane view, so that their rows run together.
const shown = {
    plane: {across: 'column', down: 'row'},
    row: {across: 'column', down: 'plane'},
    column: {across: 'plane', down: 'row'},
};

function makeSlice(axis, canvas) {
    const {across, down} = shown[axis];
    canvas.width = size[across];
    canvas.height = size[down];
    const context = canvas.getContext('2d', {willReadFrequently: true});
    const image = context.createImageData(canvas.width, canvas.height);
    return {axis, across, down, canvas, context, image, pixels: new Uint32Array(image.data.buffer)};
}

// How many samples from left to right and from top to bottom have come.
function samplesThere(slice) {
    const there = (axis) => (axis === 'plane' ? planesLoaded : size[axis]);
    return [there(slice.across), there(slice.down)];
}

function paintOne(slice, first, levels, colours) {
    const {pixels} = slice, wide = size[slice.across];
    const right = stride[slice.across], below = stride[slice.down];
    const [columns, rows] = samplesThere(slice);
    for (let y = 0; y < rows; y++) {
        let from = first + y * below;
        for (let to = y * wide; to < y * wide + columns; to++, from += right)
            pixels[to] = colours[levels[from]];
    }
}

function addOne(slice, first, levels, colours) {
    const {pixels} = slice, wide = size[slice.across];
    const right = stride[slice.across], below = stride[slice.down];
    const [columns, rows] = samplesThere(slice);
    for (let y = 0; y < rows; y++) {
        let from = first + y * below;
        for (let to = y * wide; to < y * wide + columns; to++, from += right)
            pixels[to] = addPixels(pixels[to], colours[levels[from]]);
    }
}

// Draws a line of the slice anew, sample by sample, where its plane holds NaN.
function paintMissing(slice, seen, plane, at, inPlane, count, toStep, fromStep) {
    for (let i = 0; i < count; i++, at += toStep, inPlane += fromStep) {
        let pixel = 0;
        for (const {channel, colours} of seen) {
            if (!isMissing(channel, plane, inPlane))
                pixel = addPixels(pixel, colours[channel.levels[plane * stride.plane + inPlane]]);
        }
        slice.pixels[at] = pixel;
    }
}

function paintAllMissing(slice, index, seen) {
    const wide = size.column;
    if (slice.axis === 'plane' && missing[index])
        paintMissing(slice, seen, index, 0, 0, stride.plane, 1, 1);
    for (let plane = 0; plane < planesLoaded && slice.axis !== 'plane'; plane++) {
        if (!missing[plane])
            continue;
        if (slice.axis === 'row')
            paintMissing(slice, seen, plane, plane * wide, index * wide, wide, 1, 1);
        else
            paintMissing(slice, seen, plane, plane, index, size.row, size.plane, wide);
    }
}

// seen: the channels that are shown, each with the colours of its levels.
function paintSlice(slice, index, seen) {
    const absent = slice.axis === 'plane' && index >= planesLoaded;
    const [columns, rows] = samplesThere(slice);
    if (absent || seen.length === 0 || columns < size[slice.across] || rows < size[slice.down])
        slice.pixels.fill(0);
    if (!absent) {
        seen.forEach(({channel, colours}, i) => {
            const paint = i === 0 ? paintOne : addOne;
            paint(slice, index * stride[slice.axis], channel.levels, colours);
        });
        paintAllMissing(slice, index, seen);
    }
    slice.context.putImageData(slice.image, 0, 0);
}
