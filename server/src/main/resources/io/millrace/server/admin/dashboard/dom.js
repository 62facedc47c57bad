// The little of a framework that this page needs. Text is always set as text: names come from whoever sent events.

export const byId = (id) => document.getElementById(id);

/** Sets text only where it changed, so that nothing is laid out or read out again for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') element.className = value;
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A bar that is full to a share of its width. */
export function meter(label, share, text) {
  const inner = make('span');
  inner.style.width = `${Math.round(100 * Math.min(1, Math.max(0, share)))}%`;
  return make('div', { class: 'meter', role: 'meter', 'aria-label': label, 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-valuenow': String(Math.round(100 * Math.min(1, share))), 'aria-valuetext': text }, inner);
}
