// What the address holds: which suppressions, and the one that is looked at.
import { oneOf, type Search, text } from '../../app/search'

export const tabs = ['all', 'requested', 'active', 'ended'] as const

export function search(raw: Search) {
  return { tab: oneOf(raw.tab, tabs), text: text(raw.text), sort: text(raw.sort), name: text(raw.name) }
}
