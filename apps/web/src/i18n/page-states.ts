// The texts of the states that every page has beside `ready`; a page that lacks one does not compile.

export type PageTexts = {
  readonly loading: string
  /** Nothing here yet, and what to do first. */
  readonly empty: { readonly heading: string; readonly next: string }
  readonly failed: string
  /** Why, and whom to ask. */
  readonly notPermitted: string
  readonly locked: string
}

export const pageTexts = (texts: PageTexts): PageTexts => texts
