// What the address of the list holds.
import { oneOf, type Search, text } from '../../app/search'

export const functions = ['identify', 'protect', 'detect', 'respond', 'recover'] as const

export function search(raw: Search) {
  return {
    text: text(raw.text),
    function: oneOf(raw.function, functions),
    severity: oneOf(raw.severity, ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL']),
    sort: text(raw.sort),
  }
}
