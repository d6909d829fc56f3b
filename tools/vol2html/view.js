// The three views: their parts, and where these lie.

const views = {};

// Two volumes are shown side by side in each view: a pane for each.
const paneCount = () => shownGroups().length;
const gap = 8; // pixels between cards, as in style.css
const least = {left: 208, right: 232, top: 96, bottom: 160}; // of a frame, in pixels
// Of the height, and of the width, that the box gets at least.
const boxPart = size.plane > 1 ? 0.36 : 0.24;

const axisColour = {plane: '#ff5fd7', row: '#3fd0e0', column: '#ffb13d'};

function setIcon(button, name) {
    button.querySelector('use').setAttribute('href', `#icon-${name}`);
}

function nameButton(button, name) {
    button.setAttribute('aria-label', name);
    button.title = name;
}

function makeView(axis) {
    const figure = document.getElementById('view-template').content.firstElementChild.cloneNode(true);
    const find = (selector) => figure.querySelector(selector);
    const {across, down} = shown[axis];
    const last = size[axis] - 1;
    const pane = find('.pane');
    groups.slice(1).forEach(() => pane.after(pane.cloneNode(true)));
    const panes = [...figure.querySelectorAll('.pane')];
    const view = {
        axis, figure, across, down, scale: 1, panes,
        width: 1, height: 1, // of a pane, in pixels
        isSplitDown: false, // panes lie one below the other
        pane: 0, // the number of the one under the pointer
 painted: '',
        frame: find('.frame'), overlay: find('.overlay'), slider: find('.slider'),
        number: find('.index'), of: find('.of'), play: find('.play'),
        enlarge: find('.enlarge'), slices: panes.map((one) => makeSlice(axis, one.firstElementChild)),
    };
    figure.id = `view-${axis}`;
    view.slices.forEach(({canvas}, i) => (canvas.id = i === 0 ? `slice-${axis}` : `slice-${axis}-${i}`));
    find('.dot').style.background = axisColour[axis];
    find('.name span').textContent = title(axis);
    view.slider.setAttribute('aria-label', title(axis));
    view.frame.setAttribute('aria-label', `${title(axis)} view: ${across}s across, ${down}s down`);
    view.frame.setAttribute('aria-roledescription', 'slice view');
    nameButton(find('.save'), `Save the ${axis} view as PNG`);
    nameButton(view.enlarge, `Enlarge the ${axis} view`);
    for (const input of [view.slider, view.number]) {
        input.max = last;
        input.disabled = last === 0;
        input.addEventListener('input', () => input.value !== '' && goTo(axis, Number(input.value)));
    }
    view.number.addEventListener('change', () => (view.number.value = state.index[axis]));
    view.play.disabled = last === 0;
    view.play.addEventListener('click', () => togglePlay(axis));
    view.enlarge.addEventListener('click', () => toggleEnlarged(axis));
    find('.save').addEventListener('click', () => saveView(view));
    listenToPointer(view);
    view.frame.addEventListener('keydown', (event) => onViewKey(view, event));
    return view;
}

function toggleEnlarged(name) {
    state.enlarged = state.enlarged === name ? null : name;
    changed('layout');
}

// ---- layout: the views share one scale, so that what belongs together lines up

const stacked = window.matchMedia('(max-width: 760px)');

function frameLengths(scale, width, height) {
    const count = paneCount();
    return {
        left: Math.max(count * extent.column * scale, least.left),
        right: Math.max(count * extent.plane * scale, least.right, boxPart * width),
        top: Math.max(extent.row * scale, least.top),
        bottom: Math.max(extent.plane * scale, least.bottom, boxPart * height),
    };
}

// The largest scale at which both columns and both rows of frames fit.
function commonScale(width, height) {
    const fits = (scale) => {
        const {left, right, top, bottom} = frameLengths(scale, width, height);
        return left + right <= width && top + bottom <= height;
    };
    let low = 0, high = (width + height) / Math.min(extent.column, extent.row, extent.plane);
    for (let i = 0; i < 50; i++) {
        const middle = (low + high) / 2;
        if (fits(middle))
            low = middle;
        else
            high = middle;
    }
    return low;
}

function setTracks(stage, names, lengths, whole) {
    const used = lengths[0] + lengths[1];
    names.forEach((name, i) =>
        stage.style.setProperty(name, `${Math.max(1, Math.round((lengths[i] * whole) / used))}px`));
}

function layoutGrid(stage) {
    const chrome = views.plane.figure.offsetHeight - views.plane.frame.offsetHeight;
    const width = stage.clientWidth - gap, height = stage.clientHeight - gap - 2 * chrome;
    const scale = commonScale(width, height);
    const {left, right, top, bottom} = frameLengths(scale, width, height);
    setTracks(stage, ['--left', '--right'], [left, right], width);
    setTracks(stage, ['--top', '--bottom'], [top, bottom], height);
    return scale;
}

// Each view as wide as the page, and as high as it needs.
function layoutStack() {
    for (const view of Object.values(views)) {
        const high = (paneCount() * view.figure.clientWidth * extent[view.down]) / extent[view.across];
        view.frame.style.setProperty('--high', `${Math.round(clamp(high, 96, 0.62 * window.innerHeight))}px`);
    }
}

// Panes lie side by side, or one below the other where that makes the slices larger. Returns the
// largest scale that fits.
function splitFrame(view, isGrid) {
    const {clientWidth: width, clientHeight: height} = view.frame, count = paneCount();
    const fit = (wide, high) => Math.min(wide / extent[view.across], high / extent[view.down]);
    view.isSplitDown = !isGrid && fit(width, height / count) > fit(width / count, height);
    view.width = view.isSplitDown ? width : width / count;
    view.height = view.isSplitDown ? height / count : height;
    return fit(view.width, view.height);
}

// The panes that are shown, with their groups and where they begin.
const panesOf = (view) => shownGroups().map((group, i) => ({
    group,
    left: view.isSplitDown ? 0 : i * view.width,
    top: view.isSplitDown ? i * view.height : 0,
}));

function layout() {
    const stage = document.getElementById('stage');
    stage.dataset.enlarged = state.enlarged ?? '';
    let scale = 0;
    if (stacked.matches)
        layoutStack();
    else if (!state.enlarged)
        scale = layoutGrid(stage);
    for (const view of Object.values(views)) {
        view.enlarge.setAttribute('aria-pressed', state.enlarged === view.axis);
        const fit = splitFrame(view, scale > 0);
        view.scale = scale > 0 ? Math.min(scale, fit) : fit;
        sizeCanvas(view.overlay, view.frame.clientWidth, view.frame.clientHeight);
    }
    layoutBox();
}

function sizeCanvas(canvas, width, height) {
    const density = window.devicePixelRatio;
    canvas.width = Math.max(1, Math.round(width * density));
    canvas.height = Math.max(1, Math.round(height * density));
}

// Where sample 0 begins and how long a sample is, along one side of a view, in pixels.
function side(view, axis, length) {
    const each = step[axis] * view.scale * state.zoom;
    const half = length / 2 / each;
    const fits = size[axis] * each <= length + 0.5;
    const centre = fits ? size[axis] / 2 : clamp(state.centre[axis], half, size[axis] - half);
    return {begin: length / 2 - centre * each, each, centre};
}

const place = (view) => ({
    across: side(view, view.across, view.width),
    down: side(view, view.down, view.height),
    width: view.width,
    height: view.height,
});

function placeSlice(view) {
    const {across, down} = place(view), density = window.devicePixelRatio;
    const reduced = across.each * density < 1 || down.each * density < 1;
    view.panes.forEach((pane) => (pane.hidden = true));
    for (const {group, left, top} of panesOf(view)) {
        const pane = view.panes[group.number], {canvas} = view.slices[group.number];
        pane.hidden = false;
        Object.assign(pane.style, {left: `${left}px`, top: `${top}px`,
            width: `${view.width}px`, height: `${view.height}px`});
        Object.assign(canvas.style, {width: `${across.each * size[view.across]}px`,
            height: `${down.each * size[view.down]}px`,
            transform: `translate(${across.begin}px, ${down.begin}px)`});
        canvas.classList.toggle('smooth', state.smooth || reduced);
    }
}

// Where the views are zoomed, the cross stays in sight.
function keepInSight() {
    for (const view of Object.values(views)) {
        for (const [axis, length] of [[view.across, view.width], [view.down, view.height]]) {
            const {begin, each} = side(view, axis, length);
            const at = begin + (state.index[axis] + 0.5) * each;
            if (length > 1 && (at < 0 || at > length))
                state.centre[axis] = state.index[axis] + 0.5;
        }
    }
}
