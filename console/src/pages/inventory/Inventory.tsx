// Every resource of every account and region: searched, narrowed by facets, as long as it is.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Boxes, SearchX, SlidersHorizontal, X } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import type { Schemas } from '../../api/client'
import { shortType, useAccountNames } from '../../api/names'
import { keySearch, keyText, lineName } from '../../api/resources'
import { Badge } from '../../parts/Badge'
import { Button, ButtonLink } from '../../parts/Button'
import { RowLink, Under } from '../../parts/Cell'
import { type Column, column, DataTable } from '../../parts/DataTable'
import { SearchField } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { Severity } from '../../parts/Severity'
import { Empty, Failed, Skeleton, SkeletonRows } from '../../parts/States'
import { useCommon } from '../../texts/common'
import { useFindingsTexts } from '../../texts/findings'
import { useFormats } from '../../texts/format'
import { useResourceTexts } from '../../texts/resources'
import layout from '../findings/Findings.module.css'
import { Views } from '../views/Views'
import { useInventorySearch } from './address'
import { InventoryFacets } from './InventoryFacets'
import { resourceCountsQuery, resourcesQuery } from './queries'
import { filterOf, type InventorySearch } from './search'

type Line = Schemas['ResourceLine']

export default function Inventory() {
  const t = useResourceTexts()
  const findings = useFindingsTexts()
  const format = useFormats()
  const search = useInventorySearch()
  const navigate = useNavigate()
  const filter = useMemo(() => filterOf(search), [search])
  const counts = useQuery(resourceCountsQuery(filter))
  const [areFacetsOpen, setFacetsOpen] = useState(false)
  const change = useCallback(
    (part: InventorySearch) =>
      void navigate({ to: '/inventory', search: (before) => ({ ...before, ...part }) as never }),
    [navigate],
  )
  const setText = useCallback((text: string) => change({ text: text === '' ? undefined : text }), [change])
  const under =
    counts.data === undefined ? (
      <Skeleton width="16rem" />
    ) : (
      <span className="numbers">
        {t.total(
          counts.data.Total,
          format.number(counts.data.Total),
          format.number(Object.keys(counts.data.Types).length),
        )}
      </span>
    )
  return (
    <>
      <PageHeader title={t.title} under={under} />
      <div className={layout.layout}>
        <aside className={`${layout.facets} ${areFacetsOpen ? layout.isOpen : ''}`} aria-label={findings.filters}>
          <InventoryFacets filter={filter} onChange={change} />
        </aside>
        <div className={layout.list}>
          <div className={layout.tools}>
            <div className={layout.search}>
              <SearchField label={t.search} value={search.text ?? ''} onChange={setText} />
            </div>
            <span className={layout.toggle}>
              <Button onPress={() => setFacetsOpen(!areFacetsOpen)} aria-expanded={areFacetsOpen}>
                <SlidersHorizontal size={14} />
                {findings.showFilters(Object.keys(filter).length)}
              </Button>
            </span>
            <Views page="inventory" search={filter} />
          </div>
          <Chips filter={filter} />
          <List filter={filter} total={counts.data?.Total} />
        </div>
      </div>
    </>
  )
}

function List({ filter, total }: { filter: InventorySearch; total: number | undefined }) {
  const t = useResourceTexts()
  const findings = useFindingsTexts()
  const format = useFormats()
  const columns = useColumns()
  const asked = useInfiniteQuery(resourcesQuery(filter))
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked
  const rows = useMemo(() => asked.data?.pages.flatMap((it) => it.Resources) ?? [], [asked.data])
  const reachEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  if (asked.data === undefined) {
    return asked.error ? <Failed error={asked.error} retry={() => asked.refetch()} /> : <SkeletonRows rows={14} />
  }
  if (rows.length === 0) {
    return Object.keys(filter).length > 0 ? (
      <Empty
        icon={SearchX}
        title={t.nothingFound}
        action={
          <ButtonLink to="/inventory" search={{}}>
            {findings.clearAll}
          </ButtonLink>
        }
      >
        {filter.gone ? t.nothingGone : t.nothingFoundHint}
      </Empty>
    ) : (
      <Empty icon={Boxes} title={t.emptyTitle}>
        {t.empty}
      </Empty>
    )
  }
  return (
    <DataTable
      label={t.title}
      rows={rows}
      columns={columns}
      getKey={(it) => keyText(it.Key)}
      isLinked
      total={total}
      onReachEnd={reachEnd}
      rowHeight={55}
      footer={hasNextPage ? findings.loadingMore : findings.end(format.number(rows.length))}
    />
  )
}

function useColumns(): Column<Line>[] {
  const t = useResourceTexts()
  const common = useCommon()
  const format = useFormats()
  const accountName = useAccountNames()
  return useMemo(
    () => [
      column<Line>(
        'resource',
        common.resource,
        (it) => (
          <>
            <RowLink to="/inventory/resource" search={keySearch(it.Key)}>
              {lineName(it)}
            </RowLink>
            <Under>{it.Name ? <code>{it.Key.Id}</code> : it.Arn !== it.Key.Id && <code>{it.Arn}</code>}</Under>
          </>
        ),
        { width: 'minmax(0, 1.6fr)', phone: 'whole' },
      ),
      column<Line>(
        'type',
        t.type,
        (it) => (
          <span translate="no" title={it.Key.ResourceType}>
            {shortType(it.Key.ResourceType)}
          </span>
        ),
        { width: 'minmax(0, 1fr)' },
      ),
      column<Line>(
        'where',
        t.where,
        (it) => (
          <>
            {accountName(it.Key.Account)}
            <Under>{it.Key.Region === 'global' ? common.global : it.Key.Region}</Under>
          </>
        ),
        { width: 'minmax(0, 0.9fr)' },
      ),
      column<Line>(
        'findings',
        common.findings,
        (it) =>
          it.IsPresent ? (
            it.Findings > 0 && (
              <span className={layout.headline}>
                {it.Worst && <Severity of={it.Worst} />}
                <span className="numbers">{format.number(it.Findings)}</span>
              </span>
            )
          ) : (
            <Badge tone="outline">{t.isGone}</Badge>
          ),
        { width: '7.5rem' },
      ),
    ],
    [t, common, format, accountName],
  )
}

/** The filters that are set, each to be taken away with one press. */
function Chips({ filter }: { filter: InventorySearch }) {
  const t = useResourceTexts()
  const common = useCommon()
  const findings = useFindingsTexts()
  const accountName = useAccountNames()
  const navigate = useNavigate()
  const replace = (next: InventorySearch) => void navigate({ to: '/inventory', search: next })
  const names = {
    text: findings.text,
    type: common.resourceType,
    account: common.account,
    project: common.project,
    region: common.region,
    gone: t.isGone,
  }
  const chips = (Object.keys(filter) as (keyof InventorySearch)[]).flatMap((key) => {
    const value = filter[key]
    if (!Array.isArray(value)) {
      return [{ name: value === true ? t.gone : `${names[key]}: ${value}`, rest: { ...filter, [key]: undefined } }]
    }
    return value.map((one) => {
      const left = value.filter((it) => it !== one)
      return {
        name: `${names[key]}: ${key === 'account' ? accountName(one) : one}`,
        rest: { ...filter, [key]: left.length > 0 ? left : undefined },
      }
    })
  })
  if (chips.length === 0) return null
  return (
    <div className={layout.chips}>
      {chips.map(({ name, rest }) => (
        <button
          key={name}
          type="button"
          className={layout.chip}
          aria-label={findings.removeFilter(name)}
          onClick={() => replace(rest)}
        >
          {name}
          <X size={12} aria-hidden="true" />
        </button>
      ))}
      <button type="button" className={layout.clear} onClick={() => replace({})}>
        {findings.clearAll}
      </button>
    </div>
  )
}
