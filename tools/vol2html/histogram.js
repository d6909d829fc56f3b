// The histogram: 256 bars of the selected channel, with its window.

const bars = 256;
const histogram = {canvas: element('histogram'), width: 0, height: 0, foot: 16};

function barHeights(channel) {
    const each = levelCount / bars;
    const heights = new Float64Array(bars);
    channel.counts.forEach((count, level) => (heights[Math.floor(level / each)] += count));
    const shownAs = state.logCounts ? Math.log1p : (count) => count;
    const most = shownAs(Math.max(...heights)) || 1;
    return heights.map((count) => shownAs(count) / most);
}

// Samples run over the whole width.
function histogramX(channel, sample) {
    const range = rangeOf(channel);
    return range > 0 ? ((sample - channel.low) / range) * histogram.width : 0;
}

function histogramSample(channel, x) {
    return channel.low + (x / histogram.width) * rangeOf(channel);
}

function drawHistogram() {
    const {canvas, foot} = histogram, context = canvas.getContext('2d');
    const style = getComputedStyle(canvas), colour = (name) => style.getPropertyValue(name);
    const channel = channels[state.selected], look = state.looks[state.selected];
    histogram.width = canvas.clientWidth;
    histogram.height = canvas.clientHeight;
    sizeCanvas(canvas, histogram.width, histogram.height);
    context.scale(window.devicePixelRatio, window.devicePixelRatio);
    const {width} = histogram, floor = histogram.height - foot;
    const low = clamp(histogramX(channel, look.low), 0, width);
    const high = clamp(histogramX(channel, look.high), 0, width);

    context.fillStyle = colour('--well');
    context.fillRect(0, 0, width, floor);
    context.fillStyle = colour('--inside');
    context.fillRect(low, 0, high - low, floor);
    context.fillStyle = colour('--bars');
    barHeights(channel).forEach((height, i) => {
        const left = (i * width) / bars, top = floor - height * (floor - 6);
        context.fillRect(left, top, width / bars + 0.3, floor - top);
    });
    drawCurve(context, colour('--accent'), channel, look, floor);
    context.fillStyle = colour('--accent');
    for (const x of [low, high])
        context.fillRect(clamp(x - 1, 0, width - 2), 0, 2, floor);

    context.font = '11px system-ui, sans-serif';
    context.fillStyle = colour('--soft');
    context.textAlign = 'left';
    context.fillText(numberText(channel.low, rangeOf(channel) / 1000), 0, histogram.height - 3);
    context.textAlign = 'right';
    context.fillText(numberText(channel.high, rangeOf(channel) / 1000), width, histogram.height - 3);
    canvas.setAttribute('aria-label', `Histogram: black at ${sampleText(channel, look.low)}, ` +
        `white at ${sampleText(channel, look.high)}`);
}

// How bright each sample is drawn.
function drawCurve(context, colour, channel, look, floor) {
    context.beginPath();
    for (let x = 0; x <= histogram.width; x += 2) {
        const bright = brightness(histogramSample(channel, x), look) / 255;
        context.lineTo(x, floor - 1 - bright * (floor - 7));
    }
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.globalAlpha = 0.7;
    context.stroke();
    context.globalAlpha = 1;
}

// The limit that is nearer follows the pointer; between them, away from both, the whole window does.
function listenToHistogram() {
    const {canvas} = histogram;
    let doing = null, last = 0;
    canvas.addEventListener('pointerdown', (event) => {
        const channel = channels[state.selected], look = state.looks[state.selected];
        const low = histogramX(channel, look.low), high = histogramX(channel, look.high);
        const x = last = event.offsetX;
        const near = Math.min(14, Math.max(4, (high - low) / 4));
        if (x > low + near && x < high - near)
            doing = 'both';
        else
            doing = Math.abs(x - low) < Math.abs(x - high) ? 'low' : 'high';
        canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
        if (!doing)
            return;
        const channel = channels[state.selected], look = state.looks[state.selected];
        const by = ((event.offsetX - last) / histogram.width) * rangeOf(channel);
        const at = clamp(histogramSample(channel, event.offsetX), channel.low, channel.high);
        if (doing === 'both')
            setWindow(look.low + by, look.high + by);
        else if (doing === 'low')
            setWindow(Math.min(at, look.high), look.high);
        else
            setWindow(look.low, Math.max(at, look.low));
        last = event.offsetX;
    });
    for (const end of ['pointerup', 'pointercancel'])
        canvas.addEventListener(end, () => (doing = null));
}
