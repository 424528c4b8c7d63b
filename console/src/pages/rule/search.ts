// What the address of a rule holds: the part of the page, and the resource on which it is tried.
import { oneOf, type Search, text } from '../../app/search'

export const tabs = ['about', 'try'] as const

export function search(raw: Search) {
  return {
    tab: oneOf(raw.tab, tabs),
    account: text(raw.account),
    region: text(raw.region),
    type: text(raw.type),
    resource: text(raw.resource),
  }
}

/** The address at which a rule is tried on a resource. */
export function trySearch(key: { Account: string; Region: string; ResourceType: string; Id: string }) {
  return { tab: 'try' as const, account: key.Account, region: key.Region, type: key.ResourceType, resource: key.Id }
}
