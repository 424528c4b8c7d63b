// What the address holds: the key of the resource, the part of the page, the versions that are compared.
import { oneOf, type Search, text } from '../../app/search'

export const tabs = ['configuration', 'findings', 'relations', 'versions'] as const
export type Tab = (typeof tabs)[number]

export function search(raw: Search) {
  return {
    account: text(raw.account),
    region: text(raw.region),
    type: text(raw.type),
    id: text(raw.id),
    tab: oneOf(raw.tab, tabs),
    /** Scans whose versions are compared. */
    from: text(raw.from),
    to: text(raw.to),
  }
}
