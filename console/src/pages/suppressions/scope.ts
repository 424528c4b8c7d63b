// Which findings a suppression means: out of a filter of the list, or of findings that were selected.
import type { Schemas } from '../../api/client'
import type { Filter, Dimension as FilterDimension } from '../findings/search'

export type Scope = Schemas['Scope']
export type Dimension = keyof Scope

export const dimensions = [
  'Rules',
  'Resources',
  'Accounts',
  'Projects',
  'Regions',
  'Types',
  'Tags',
  'Ou',
  'Kinds',
  'Detectors',
] as const satisfies Dimension[]

/** What a request begins with. */
export type Start = {
  scope: Scope
  /** Filters that a suppression has no word for. */
  leftOut?: FilterDimension[]
  /** How many findings were selected by hand. */
  selected?: number
  name?: string
  reason?: string
  control?: string
}

const sayable: Partial<Record<FilterDimension, Dimension>> = {
  rule: 'Rules',
  account: 'Accounts',
  project: 'Projects',
  region: 'Regions',
  type: 'Types',
  kind: 'Kinds',
  detector: 'Detectors',
}

export function ofFilter(filter: Partial<Filter>): Start {
  const scope: Record<string, string[]> = {}
  const leftOut: FilterDimension[] = []
  for (const [key, value] of Object.entries(filter) as [FilterDimension, string[]][]) {
    const dimension = sayable[key]
    if (dimension) scope[dimension] = value
    // A suppression is about what is open anyway.
    else if (key !== 'status' && key !== 'workflow') leftOut.push(key)
  }
  return { scope: scope as Scope, leftOut, name: nameOf(scope as Scope) }
}

export function ofFindings(findings: Schemas['Finding'][]): Start {
  const unique = (all: string[]) => [...new Set(all)].sort()
  const scope: Scope = {
    Rules: unique(findings.map((it) => it.Rule)),
    Resources: unique(findings.map((it) => it.Arn || it.Resource.Id)),
    Accounts: unique(findings.map((it) => it.Resource.Account)),
  }
  return { scope, selected: findings.length, name: nameOf(scope) }
}

export function ofLine(it: Schemas['SuppressionLine']): Start {
  return { scope: said(it.Scope), name: `${it.Name}-2`, reason: it.Reason, control: it.CompensatingControl }
}

/** Lists with something in them. */
export function said(scope: Scope): Scope {
  return Object.fromEntries(Object.entries(scope).filter(([, list]) => (list?.length ?? 0) > 0))
}

function nameOf(scope: Scope): string {
  const first = scope.Rules?.[0]
  if (!first) return ''
  const place = scope.Accounts?.length === 1 ? `-${scope.Accounts[0]}` : ''
  return `${first.replace(/[^\p{L}\p{N}-]+/gu, '-').slice(0, 60)}${place}`
}
