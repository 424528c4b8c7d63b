// What the address holds: which scan, and which sort of gap.
import { flag, type Search, text } from '../../app/search'

export function search(raw: Search) {
  return { scan: text(raw.scan), text: text(raw.text), facts: flag(raw.facts), sort: text(raw.sort) }
}
