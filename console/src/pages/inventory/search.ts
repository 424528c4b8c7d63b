// What the address of the inventory holds: the filter with the names of the API.
import { flag, type Search, text, texts } from '../../app/search'

export function search(raw: Search) {
  return {
    text: text(raw.text),
    type: texts(raw.type),
    account: texts(raw.account),
    project: texts(raw.project),
    region: texts(raw.region),
    gone: flag(raw.gone),
  }
}

export type InventorySearch = Partial<ReturnType<typeof search>>

/** What is set, and nothing else: two ways to the same list are one list. */
export function filterOf(from: InventorySearch): InventorySearch {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined))
}
