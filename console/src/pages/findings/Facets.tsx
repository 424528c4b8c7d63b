// Everything that the list can be narrowed by. Each group counts what the other filters let through, so that a choice
// shows what it would add.
import { useQuery } from '@tanstack/react-query'
import type { Schemas } from '../../api/client'
import { useAccountNames, useRuleTitles } from '../../api/names'
import { useSession } from '../../api/session'
import { severities } from '../../parts/Severity'
import { useCommon } from '../../texts/common'
import { useFindingsTexts } from '../../texts/findings'
import { type Choice, Facet } from './Facet'
import { countsQuery } from './queries'
import { type Dimension, detectors, type Filter, kinds, statuses, without, workflows } from './search'

type Props = { filter: Partial<Filter>; onChange: (change: Partial<Filter>) => void }

/** The numbers of one dimension, as if nothing was chosen in it. */
function useCounts(filter: Partial<Filter>, dimension: Dimension) {
  return useQuery(countsQuery(without(filter, dimension))).data
}

export function Facets({ filter, onChange }: Props) {
  const t = useFindingsTexts()
  const common = useCommon()
  const me = useSession()?.User.Name ?? ''
  const bySeverity = useCounts(filter, 'severity')
  const byKind = useCounts(filter, 'kind')
  const byWorkflow = useQuery(countsQuery({ ...filter, workflow: [...workflows] })).data
  const least = filter.severity ? severities.indexOf(filter.severity) : -1
  return (
    <>
      <Facet
        name={t.severityAtLeast}
        isSingle
        choices={severities.map((id) => ({
          id,
          name: common.severity[id],
          count: bySeverity?.Severities[id] ?? 0,
        }))}
        chosen={least < 0 ? [] : [severities[least] ?? '']}
        onChange={(chosen) => onChange({ severity: chosen?.[0] as Filter['severity'] })}
      />
      <Facet
        name={common.state}
        choices={workflows.map((id) => ({ id, name: common.workflow[id], count: byWorkflow?.Workflows[id] ?? 0 }))}
        chosen={filter.workflow ?? []}
        onChange={(chosen) => onChange({ workflow: chosen as Filter['workflow'] })}
      />
      <Facet
        name={t.work}
        choices={[
          { id: 'overdue', name: t.overdue },
          { id: 'unassigned', name: t.unassigned },
          { id: 'mine', name: t.mine },
        ]}
        chosen={[
          ...(filter.overdue ? ['overdue'] : []),
          ...(filter.unassigned ? ['unassigned'] : []),
          ...(filter.assignee?.includes(me) ? ['mine'] : []),
        ]}
        onChange={(chosen) =>
          onChange({
            overdue: chosen?.includes('overdue') || undefined,
            unassigned: chosen?.includes('unassigned') || undefined,
            assignee: chosen?.includes('mine') ? [me] : undefined,
          })
        }
      />
      <NamedFacets filter={filter} onChange={onChange} />
      <Facet
        name={t.kind}
        choices={kinds
          .filter((id) => (byKind?.Kinds[id] ?? 0) > 0)
          .map((id) => ({ id, name: common.kind[id], count: byKind?.Kinds[id] ?? 0 }))}
        chosen={filter.kind ?? []}
        onChange={(chosen) => onChange({ kind: chosen as Filter['kind'] })}
      />
      <Facet
        name={t.status}
        isSingle
        choices={statuses.map((id) => ({ id, name: t.statuses[id] }))}
        chosen={[filter.status ?? 'active']}
        onChange={(chosen) =>
          onChange({ status: chosen?.[0] === 'active' ? undefined : (chosen?.[0] as Filter['status']) })
        }
      />
      <Facet
        name={t.detector}
        choices={detectors.map((id) => ({ id, name: common.detector[id] }))}
        chosen={filter.detector ?? []}
        onChange={(chosen) => onChange({ detector: chosen as Filter['detector'] })}
      />
    </>
  )
}

function NamedFacets({ filter, onChange }: Props) {
  const t = useFindingsTexts()
  const common = useCommon()
  const accountName = useAccountNames()
  const ruleTitle = useRuleTitles()
  const byAccount = useCounts(filter, 'account')?.Accounts ?? []
  const byProject = useCounts(filter, 'project')?.Projects ?? []
  const byRule = useCounts(filter, 'rule')?.Rules ?? []
  const byFramework = useCounts(filter, 'framework')?.Frameworks ?? []
  const choices = (counts: Schemas['Count'][], name: (id: string) => string | undefined): Choice[] =>
    counts.map((it) => ({ id: it.Id, name: it.Name || name(it.Id) || it.Id, count: it.Total }))
  return (
    <>
      <Facet
        name={common.accounts}
        choices={choices(byAccount, accountName)}
        chosen={filter.account ?? []}
        onChange={(account) => onChange({ account })}
      />
      <Facet
        name={t.projects}
        choices={choices(byProject, () => undefined)}
        chosen={filter.project ?? []}
        onChange={(project) => onChange({ project })}
      />
      <Facet
        name={t.rules}
        choices={choices(byRule, ruleTitle)}
        chosen={filter.rule ?? []}
        onChange={(rule) => onChange({ rule })}
      />
      <Facet
        name={t.frameworks}
        choices={choices(byFramework, () => undefined)}
        chosen={filter.framework ?? []}
        onChange={(framework) => onChange({ framework })}
      />
    </>
  )
}
