// What the address of the list of frameworks holds.
import { type Search, text } from '../../app/search'

export function search(raw: Search) {
  return { text: text(raw.text), sort: text(raw.sort) }
}
