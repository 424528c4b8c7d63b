// What the address holds: the tab.
import { oneOf, type Search } from '../../app/search'

export const tabs = ['sign-in', 'tokens', 'users'] as const

export function search(raw: Search) {
  return { tab: oneOf(raw.tab, tabs) }
}
