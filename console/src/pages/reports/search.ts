// What the address of the reports holds: how many weeks they go back.
import { oneOf, type Search } from '../../app/search'

export const spans = ['13', '26', '52', '104'] as const

export function search(raw: Search) {
  return { weeks: oneOf(raw.weeks, spans) }
}
