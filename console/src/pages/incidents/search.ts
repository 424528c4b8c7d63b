// What the address of the list holds.
import { oneOf, type Search, text } from '../../app/search'

export function search(raw: Search) {
  return {
    severity: oneOf(raw.severity, ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL']),
    account: text(raw.account),
  }
}
