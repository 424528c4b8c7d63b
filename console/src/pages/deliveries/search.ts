// What the address holds: in which state messages are looked at, or where they go.
import { oneOf, type Search, text } from '../../app/search'

export const tabs = ['all', 'WAITING', 'SENT', 'DEAD', 'destinations'] as const

export function search(raw: Search) {
  return { tab: oneOf(raw.tab, tabs), text: text(raw.text) }
}
