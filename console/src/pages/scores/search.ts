// What the address of the scores holds: by what they are told.
import { oneOf, type Search, text } from '../../app/search'

export const tabs = ['functions', 'accounts', 'projects', 'frameworks', 'rules', 'scans'] as const

export function search(raw: Search) {
  return { tab: oneOf(raw.tab, tabs), sort: text(raw.sort) }
}
