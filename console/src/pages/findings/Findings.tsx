// The list of findings: narrowed by facets, grouped, triaged. Everything that is chosen stands in the address.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { ArrowUp, SlidersHorizontal } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { readNews, useNews } from '../../api/events'
import { Button } from '../../parts/Button'
import { SearchField, Select } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { SeverityCounts } from '../../parts/Severity'
import { Loaded, Skeleton } from '../../parts/States'
import { useCommon } from '../../texts/common'
import { useFindingsTexts } from '../../texts/findings'
import { useFormats } from '../../texts/format'
import { useShellTexts } from '../../texts/shell'
import { Views } from '../views/Views'
import { Chips } from './Chips'
import { Download } from './Download'
import { Facets } from './Facets'
import { FindingList } from './FindingList'
import styles from './Findings.module.css'
import { GroupList } from './GroupList'
import { countsQuery } from './queries'
import { type Filter, type FindingsSearch, filterOf, groupings, orders } from './search'

const route = getRouteApi('/signed-in/findings')

export default function Findings() {
  const t = useFindingsTexts()
  const search = route.useSearch()
  const navigate = useNavigate()
  const filter = useMemo(() => filterOf(search), [search])
  const counts = useQuery(countsQuery(filter))
  const [areFacetsOpen, setFacetsOpen] = useState(false)
  const change = useCallback(
    (part: FindingsSearch) => void navigate({ to: '/findings', search: (before) => ({ ...before, ...part }) as never }),
    [navigate],
  )
  const replace = (next: Partial<Filter>) =>
    void navigate({ to: '/findings', search: { ...next, order: search.order, group: search.group } as never })
  const setText = useCallback((text: string) => change({ text: text === '' ? undefined : text }), [change])
  const number = Object.keys(filter).length
  return (
    <>
      <PageHeader title={t.title} under={<Headline counts={counts.data} />} />
      <div className={styles.layout}>
        <aside className={`${styles.facets} ${areFacetsOpen ? styles.isOpen : ''}`} aria-label={t.filters}>
          <Facets filter={filter} onChange={change} />
        </aside>
        <div className={styles.list}>
          <div className={styles.tools}>
            <div className={styles.search}>
              <SearchField label={t.search} value={search.text ?? ''} onChange={setText} />
            </div>
            <span className={styles.toggle}>
              <Button onPress={() => setFacetsOpen(!areFacetsOpen)} aria-expanded={areFacetsOpen}>
                <SlidersHorizontal size={14} />
                {t.showFilters(number)}
              </Button>
            </span>
            <Select
              isBare
              label={t.groupBy}
              value={search.group ?? 'none'}
              options={[['none', t.noGroup] as const, ...groupings.map((it) => [it, t.grouped[it]] as const)]}
              onChange={(group) => change({ group: group === 'none' ? undefined : group })}
            />
            {search.group === undefined && (
              <Select
                isBare
                label={t.order}
                value={search.order ?? 'newest'}
                options={orders.map((it) => [it, t.orders[it]] as const)}
                onChange={(order) => change({ order: order === 'newest' ? undefined : order })}
              />
            )}
            <Download filter={filter} />
            <Views page="findings" search={search} />
          </div>
          <Chips filter={filter} onReplace={replace} />
          {search.group ? (
            <Loaded from={counts}>
              {(data) => <GroupList by={search.group ?? 'rule'} counts={data} search={search} />}
            </Loaded>
          ) : (
            <FindingList filter={filter} order={search.order} total={counts.data?.Total} isFiltered={number > 0} />
          )}
        </div>
      </div>
    </>
  )
}

function Headline({ counts }: { counts: { Total: number; Severities: Record<string, number> } | undefined }) {
  const common = useCommon()
  const shell = useShellTexts()
  const format = useFormats()
  const cache = useQueryClient()
  const { count, isMany } = useNews()
  const show = () => {
    readNews()
    window.scrollTo({ top: 0 })
    void cache.invalidateQueries({ queryKey: ['findings'] })
  }
  return (
    <div className={styles.headline}>
      {counts === undefined ? (
        <Skeleton width="16rem" />
      ) : (
        <>
          <span className="numbers">{common.findingCount(counts.Total, format.number(counts.Total))}</span>
          <SeverityCounts of={counts.Severities} />
        </>
      )}
      {(count > 0 || isMany) && (
        <button type="button" className={styles.pill} onClick={show} title={shell.showNew}>
          <ArrowUp size={12} aria-hidden="true" />
          {isMany ? shell.manyFindings : shell.newFindings(format.number(count))}
        </button>
      )}
    </div>
  )
}
