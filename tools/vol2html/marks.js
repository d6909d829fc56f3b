// What is drawn over a slice: cross, scale bar, names of the axes; and a view as a picture.

function strokeTwice(context, colour, path) {
    context.beginPath();
    path();
    context.strokeStyle = 'rgb(0 0 0 / 0.55)';
    context.lineWidth = 3;
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.stroke();
}

function textTwice(context, text, x, y) {
    context.lineWidth = 3;
    context.lineJoin = 'round';
    context.strokeStyle = 'rgb(0 0 0 / 0.75)';
    context.strokeText(text, x, y);
    context.fillStyle = '#fff';
    context.fillText(text, x, y);
}

function drawCross(context, view, {across, down, width, height}) {
    const x = Math.round(across.begin + (state.index[view.across] + 0.5) * across.each) + 0.5;
    const y = Math.round(down.begin + (state.index[view.down] + 0.5) * down.each) + 0.5;
    const free = Math.max(6, Math.min(24, across.each, down.each));
    // A line along a strip would hide it.
    if (across.each * size[view.across] >= 8)
        strokeTwice(context, axisColour[view.across], () => {
            context.moveTo(x, 0);
            context.lineTo(x, y - free);
            context.moveTo(x, y + free);
            context.lineTo(x, height);
        });
    if (down.each * size[view.down] >= 8)
        strokeTwice(context, axisColour[view.down], () => {
            context.moveTo(0, y);
            context.lineTo(x - free, y);
            context.moveTo(x + free, y);
            context.lineTo(width, y);
        });
}

// 1, 2 or 5 times a power of ten, at most `most`.
function roundLength(most) {
    const power = 10 ** Math.floor(Math.log10(most));
    const digit = [5, 2, 1].find((one) => one * power <= most * (1 + 1e-9));
    return Number((digit * power).toPrecision(1));
}

function drawScale(context, view, {across, width, height}) {
    if (spacing[view.across] === null)
        return;
    const unit = across.each / spacing[view.across]; // pixels
    const inSight = Math.min(width, across.each * size[view.across]);
    const length = roundLength(Math.max(Math.min(0.3 * inSight, 160), 24) / unit);
    const right = Math.min(width - 10, Math.max(across.begin + across.each * size[view.across] - 6, 60));
    const left = right - length * unit, y = height - 10;
    context.fillStyle = 'rgb(0 0 0 / 0.75)';
    context.fillRect(left - 1, y - 1, length * unit + 2, 5);
    context.fillStyle = '#fff';
    context.fillRect(left, y, length * unit, 3);
    context.textAlign = 'right';
    textTwice(context, `${length}${units[view.across] && ` ${units[view.across]}`}`, right, y - 6);
}

function drawNames(context, view) {
    context.textAlign = 'left';
    textTwice(context, `${view.across} →`, 8, 16);
    textTwice(context, `${view.down} ↓`, 8, 31);
}

function drawMarks(context, view, where) {
    context.font = '12px system-ui, sans-serif';
    if (state.cross)
        drawCross(context, view, where);
    if (state.scale)
        drawScale(context, view, where);
    drawLine(context, view, where);
}

// The name of a volume that is shown beside another.
function drawTitle(context, {title}, width) {
    context.textAlign = 'right';
    textTwice(context, title, width - 8, 16);
}

// Between two volumes.
function drawBorder(context, view) {
    context.fillStyle = '#8a929c';
    context.fillRect(0, 0, view.isSplitDown ? view.width : 1, view.isSplitDown ? 1 : view.height);
}

function drawOverlay(view) {
    const context = view.overlay.getContext('2d'), density = window.devicePixelRatio;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, view.overlay.width, view.overlay.height);
    panesOf(view).forEach(({group, left, top}, i) => {
        context.save();
        context.translate(left, top);
        context.beginPath();
        context.rect(0, 0, view.width, view.height);
        context.clip();
        drawMarks(context, view, place(view));
        if (state.names && i === 0)
            drawNames(context, view);
        if (groups.length > 1)
            drawTitle(context, group, view.width);
        if (i > 0)
            drawBorder(context, view);
        context.restore();
    });
}

// ---- a view as a picture

function saveBlob(blob, name) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${facts.title} ${name}`.replace(/[\\/:*?"<>|\x00-\x1f]/g, '_');
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function saveCanvas(canvas, name) {
    canvas.toBlob((blob) => saveBlob(blob, `${name}.png`), 'image/png');
}

// The whole slice in true proportions, no sample smaller than a pixel, with what is drawn over it;
// of two volumes side by side.
function viewPicture(view) {
    const {across, down} = view;
    const longest = Math.max(extent[across], extent[down]);
    const fine = Math.min(step[across], step[down]);
    const scale = Math.min(Math.ceil((640 * fine) / longest) / fine, 16384 / longest);
    const canvas = document.createElement('canvas');
    const wide = Math.max(1, Math.round(extent[across] * scale)), panes = shownGroups();
    canvas.width = panes.length * wide;
    canvas.height = Math.max(1, Math.round(extent[down] * scale));
    const context = canvas.getContext('2d');
    context.imageSmoothingEnabled = state.smooth;
    for (const group of panes) {
        context.drawImage(view.slices[group.number].canvas, 0, 0, wide, canvas.height);
        drawMarks(context, view, {
            across: {begin: 0, each: wide / size[across]},
            down: {begin: 0, each: canvas.height / size[down]},
            width: wide, height: canvas.height,
        });
        if (groups.length > 1)
            drawTitle(context, group, wide);
        context.translate(wide, 0);
    }
    return canvas;
}

function saveView(view) {
    saveCanvas(viewPicture(view), partText(view.axis));
}
