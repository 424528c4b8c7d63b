// What the address holds: whose entries.
import { type Search, text } from '../../app/search'

export function search(raw: Search) {
  return { who: text(raw.who) }
}
