// What the address of a framework holds: whose answers, and which.
import { oneOf, type Search, text } from '../../app/search'

export const answers = ['COMPLIANT', 'NON_COMPLIANT', 'INSUFFICIENT_DATA', 'MANUAL', 'NOT_APPLICABLE'] as const

export function search(raw: Search) {
  return { answer: oneOf(raw.answer, answers), project: text(raw.project), text: text(raw.text) }
}
