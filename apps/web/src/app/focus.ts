// Where focus goes when the page changes: to its heading, or to the part that the address names, so that a screen reader says where one is; and that it is never lost.

export function focusHeading(): void {
  const part = document.getElementById(window.location.hash.slice(1))
  const heading = part ?? document.querySelector<HTMLElement>('main h1')
  heading?.focus()
}

const isNowhere = (): boolean => document.activeElement === null || document.activeElement === document.body
const isUsable = (element: Element): boolean => element.isConnected && !element.matches(':disabled')

/**
 * Takes focus back when what had it is gone or was switched off: by what it did, by a dialog that closed over it, by a live event.
 * It goes to the same field where the page was read anew, else to the notice that says what happened, else to the heading.
 */
export function keepFocus(): () => void {
  let held: Element | null = null
  let isLost = false
  let frame = 0
  const onFocusIn = ({ target }: FocusEvent) => {
    held = target instanceof Element ? target : null
    isLost = false
  }
  const look = () => {
    if (held === null || !isNowhere()) return
    if (!isUsable(held)) isLost = true
    // Left by a hand that pressed beside it: that is where she wants to be.
    else if (!isLost) held = null
    if (held === null || (held.isConnected && !isUsable(held))) return
    // What comes in its place is not there yet.
    if (!held.isConnected && document.querySelector('main [data-state="loading"]') !== null) return
    const again = held.isConnected ? held : document.getElementById(held.id)
    for (const next of [again, document.querySelector('#notices:has(.notice)'), document.querySelector('main h1')]) {
      if (next instanceof HTMLElement) next.focus()
      if (!isNowhere()) return
    }
  }
  // After the frame in which a dialog that closes gives back focus by itself.
  const lookSoon = () => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => (frame = requestAnimationFrame(look)))
  }
  const changes = new MutationObserver(lookSoon)
  changes.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
  document.addEventListener('focusin', onFocusIn)
  document.addEventListener('focusout', lookSoon)
  return () => {
    cancelAnimationFrame(frame)
    changes.disconnect()
    document.removeEventListener('focusin', onFocusIn)
    document.removeEventListener('focusout', lookSoon)
  }
}
