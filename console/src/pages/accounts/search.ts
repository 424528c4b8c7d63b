// What the address holds: the tab, the search, the order.
import { oneOf, type Search, text } from '../../app/search'

export const tabs = ['accounts', 'projects'] as const

export function search(raw: Search) {
  return { tab: oneOf(raw.tab, tabs), text: text(raw.text), sort: text(raw.sort) }
}
