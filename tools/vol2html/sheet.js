// On a narrow screen the contrast comes up from below, so that the image stays in sight.

const isSheetOpen = () => document.body.classList.contains('sheet');

function openSheet(open) {
    document.body.classList.toggle('sheet', open);
    document.body.style.setProperty('--bar', `${element('readout').offsetHeight}px`);
    element('contrast-button').setAttribute('aria-expanded', open);
    changed('look'); // the histogram may have another width
}

function makeSheet() {
    element('contrast-button').addEventListener('click', () => openSheet(!isSheetOpen()));
    addEventListener('keydown', (event) => event.key === 'Escape' && isSheetOpen() && openSheet(false));
    stacked.addEventListener('change', () => openSheet(false));
}
