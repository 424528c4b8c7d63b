// What the address of the list holds: the filter with the names of the API, the order, the grouping.
import { flag, oneOf, type Search, someOf, text, texts } from '../../app/search'

export const kinds = ['configuration', 'threat', 'access', 'vulnerability', 'sensitive-data', 'other'] as const
export const workflows = ['NEW', 'NOTIFIED', 'SUPPRESSED', 'RESOLVED'] as const
export const statuses = ['active', 'archived', 'all'] as const
export const orders = ['newest', 'oldest'] as const
export const groupings = ['rule', 'account', 'project', 'framework'] as const
export const detectors = [
  'yagura',
  'security-hub',
  'guardduty',
  'aws-config',
  'access-analyzer',
  'inspector',
  'macie',
  'trusted-advisor',
  'prowler',
  'trivy',
  'grype',
  'falco',
  'other',
] as const

export function search(raw: Search) {
  return {
    status: oneOf(raw.status, statuses),
    workflow: someOf(raw.workflow, workflows),
    kind: someOf(raw.kind, kinds),
    detector: someOf(raw.detector, detectors),
    severity: oneOf(raw.severity, ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL']),
    account: texts(raw.account),
    project: texts(raw.project),
    region: texts(raw.region),
    rule: texts(raw.rule),
    framework: texts(raw.framework),
    service: texts(raw.service),
    type: texts(raw.type),
    text: text(raw.text),
    assignee: texts(raw.assignee),
    unassigned: flag(raw.unassigned),
    suppression: texts(raw.suppression),
    overdue: flag(raw.overdue),
    since: text(raw.since),
    ended: text(raw.ended),
    order: oneOf(raw.order, orders),
    group: oneOf(raw.group, groupings),
  }
}

export type FindingsSearch = Partial<ReturnType<typeof search>>
export type Filter = Omit<FindingsSearch, 'order' | 'group'>
export type Dimension = keyof Filter

/** What is set, and nothing else: two ways to the same list are one list. */
export function filterOf({ order: _, group: __, ...filter }: FindingsSearch): Partial<Filter> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}

export function without(filter: Partial<Filter>, dimension: Dimension): Partial<Filter> {
  const { [dimension]: _, ...rest } = filter
  return rest
}
