/**
 * jsdom knows neither popovers nor modal dialogs; this gives a test the part of them that our components lean on: the
 * events, a button's `popovertarget`, Escape, and the return of the focus. Returns what takes it away again.
 */
export function installOverlays(): () => void {
  const popovers = HTMLElement.prototype;
  const dialogs = HTMLDialogElement.prototype;
  const returnTo = new WeakMap<Element, Element | null>();

  const tell = (element: Element, type: string, newState: string): void => {
    element.dispatchEvent(Object.assign(new Event(type), { newState }));
  };
  const show = (element: HTMLElement): void => {
    if (element.hasAttribute('data-open')) return;
    returnTo.set(element, document.activeElement);
    tell(element, 'beforetoggle', 'open');
    element.setAttribute('data-open', '');
    // Its own style sheet hides what it does not know to be open.
    element.style.display = 'block';
    tell(element, 'toggle', 'open');
  };
  const leave = (element: Element): void => {
    const before = returnTo.get(element);
    if (element.contains(document.activeElement) && before instanceof HTMLElement) before.focus();
  };
  const hide = (element: HTMLElement): void => {
    if (!element.hasAttribute('data-open')) return;
    tell(element, 'beforetoggle', 'closed');
    leave(element);
    element.removeAttribute('data-open');
    element.style.display = '';
    tell(element, 'toggle', 'closed');
  };
  const close = (dialog: HTMLDialogElement): void => {
    if (!dialog.open) return;
    leave(dialog);
    dialog.open = false;
    dialog.dispatchEvent(new Event('close'));
  };

  const removePopovers = put(popovers, {
    showPopover(this: HTMLElement) {
      show(this);
    },
    hidePopover(this: HTMLElement) {
      hide(this);
    },
  });
  const removeDialogs = put(dialogs, {
    showModal(this: HTMLDialogElement) {
      returnTo.set(this, document.activeElement);
      this.open = true;
      this.querySelector<HTMLElement>('input, button, a')?.focus();
    },
    close(this: HTMLDialogElement) {
      close(this);
    },
  });

  const onClick = (event: MouseEvent): void => {
    if (!(event.target instanceof Element)) return;
    const id = event.target.closest('button[popovertarget]')?.getAttribute('popovertarget');
    const panel = id == null ? null : document.getElementById(id);
    if (panel === null) return;
    if (panel.hasAttribute('data-open')) hide(panel);
    else show(panel);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    const dialog = document.querySelector('dialog[open]');
    if (dialog instanceof HTMLDialogElement) close(dialog);
    else for (const panel of document.querySelectorAll<HTMLElement>('[popover][data-open]')) hide(panel);
  };
  document.addEventListener('click', onClick);
  document.addEventListener('keydown', onKeyDown);
  return () => {
    document.removeEventListener('click', onClick);
    document.removeEventListener('keydown', onKeyDown);
    removePopovers();
    removeDialogs();
  };
}

/** Puts methods in the place of those that an object has by itself. Returns what puts those back. */
function put(on: object, methods: Record<string, unknown>): () => void {
  const before = Object.keys(methods).map(
    (name) => [name, Object.getOwnPropertyDescriptor(on, name)] as const,
  );
  Object.assign(on, methods);
  return () => {
    for (const [name, was] of before) {
      if (was === undefined) Reflect.deleteProperty(on, name);
      else Object.defineProperty(on, name, was);
    }
  };
}
