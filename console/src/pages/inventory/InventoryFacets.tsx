// What the inventory can be narrowed by. Types are counted as the other filters leave them.
import { useQuery } from '@tanstack/react-query'
import { shortType } from '../../api/names'
import { accountsQuery, projectsQuery } from '../../api/queries'
import { useCommon } from '../../texts/common'
import { useFindingsTexts } from '../../texts/findings'
import { useResourceTexts } from '../../texts/resources'
import { Facet } from '../findings/Facet'
import { resourceCountsQuery } from './queries'
import type { InventorySearch } from './search'

type Props = { filter: InventorySearch; onChange: (change: InventorySearch) => void }

export function InventoryFacets({ filter, onChange }: Props) {
  const t = useResourceTexts()
  const common = useCommon()
  const findings = useFindingsTexts()
  const { type: _, ...others } = filter
  const { data: counts } = useQuery(resourceCountsQuery(others))
  const { data: accounts = [] } = useQuery(accountsQuery)
  const { data: projects = [] } = useQuery(projectsQuery)
  const types = Object.entries(counts?.Types ?? {})
    .sort(([a, one], [b, other]) => other - one || a.localeCompare(b))
    .map(([id, count]) => ({ id, name: shortType(id) || id, count }))
  const regions = [...new Set(['global', ...accounts.flatMap((it) => it.Scan?.Regions ?? [])])].map((id) => ({
    id,
    name: id === 'global' ? common.global : id,
  }))
  return (
    <>
      <Facet
        name={common.resourceType}
        choices={types}
        chosen={filter.type ?? []}
        onChange={(type) => onChange({ type })}
      />
      <Facet
        name={common.accounts}
        choices={accounts.map(({ Account: it }) => ({ id: it.Id, name: it.Name || it.Id }))}
        chosen={filter.account ?? []}
        onChange={(account) => onChange({ account })}
      />
      <Facet
        name={findings.projects}
        choices={projects.map((it) => ({ id: it.Name, name: it.Name }))}
        chosen={filter.project ?? []}
        onChange={(project) => onChange({ project })}
      />
      <Facet
        name={common.region}
        choices={regions}
        chosen={filter.region ?? []}
        onChange={(region) => onChange({ region })}
      />
      <Facet
        name={t.presence}
        isSingle
        choices={[
          { id: 'present', name: t.present },
          { id: 'gone', name: t.gone },
        ]}
        chosen={[filter.gone ? 'gone' : 'present']}
        onChange={(chosen) => onChange({ gone: chosen?.[0] === 'gone' || undefined })}
      />
    </>
  )
}
