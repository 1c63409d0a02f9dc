// Where focus goes when the page changes: to its heading, so that a screen reader says where one is.

export function focusHeading(): void {
  document.querySelector<HTMLElement>('main h1')?.focus()
}
