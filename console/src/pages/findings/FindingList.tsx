// The findings themselves, page after page while the reader scrolls, with what can be done to many of them.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Inbox, SearchX } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import type { Schemas } from '../../api/client'
import { resourceName, shortType, useAccountNames, useFindingTitle } from '../../api/names'
import { State } from '../../parts/Badge'
import { Button, ButtonLink } from '../../parts/Button'
import { type Column, column, DataTable } from '../../parts/DataTable'
import { Severity } from '../../parts/Severity'
import { Empty, Failed, SkeletonRows } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useCommon } from '../../texts/common'
import { useFindingsTexts } from '../../texts/findings'
import { useFormats } from '../../texts/format'
import { useSuppressionTexts } from '../../texts/suppressions'
import { RequestDialog } from '../suppressions/RequestDialog'
import { ofFilter, ofFindings, type Start } from '../suppressions/scope'
import styles from './Findings.module.css'
import { findingsQuery } from './queries'
import type { Filter } from './search'
import { type Meant, TriageDialog, useTriageRefusal } from './Triage'
import { useSelection } from './useSelection'

type Finding = Schemas['Finding']

function useColumns(): Column<Finding>[] {
  const t = useFindingsTexts()
  const common = useCommon()
  const title = useFindingTitle()
  const accountName = useAccountNames()
  return useMemo(
    () => [
      column<Finding>('severity', common.severityLabel, (it) => <Severity of={it.Severity} />, { width: '4.5rem' }),
      column<Finding>(
        'finding',
        t.finding,
        (it) => (
          <>
            <Link className={styles.title ?? ''} to="/findings/$id" params={{ id: it.Id }} data-row-link="">
              {title(it)}
            </Link>
            <span className={styles.under}>
              <code>{resourceName(it)}</code> · {accountName(it.Resource.Account)} ·{' '}
              <span translate="no">{shortType(it.Resource.ResourceType)}</span>
              {it.Resource.Region !== 'global' && ` · ${it.Resource.Region}`}
            </span>
          </>
        ),
        { width: 'minmax(0, 1fr)', phone: 'whole' },
      ),
      column<Finding>(
        'state',
        common.state,
        (it) => (
          <>
            <State of={it} />
            {it.Assignee && (
              <span className={styles.under} title={`${common.assignee}: ${it.Assignee}`}>
                {it.Assignee}
              </span>
            )}
          </>
        ),
        { width: '5.5rem' },
      ),
      column<Finding>('age', t.openSince, (it) => <Time at={it.OpenedAt} />, { width: '6.75rem', align: 'end' }),
    ],
    [t, common, title, accountName],
  )
}

type Props = {
  filter: Partial<Filter>
  order: 'newest' | 'oldest' | undefined
  total: number | undefined
  isFiltered: boolean
}

export function FindingList({ filter, order, total, isFiltered }: Props) {
  const t = useFindingsTexts()
  const format = useFormats()
  const title = useFindingTitle()
  const columns = useColumns()
  const asked = useInfiniteQuery(findingsQuery(filter, order))
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked
  const rows = useMemo(() => asked.data?.pages.flatMap((it) => it.Findings) ?? [], [asked.data])
  const keys = useMemo(() => rows.map((it) => it.Id), [rows])
  const { chosen, selection, clear, chooseAll } = useSelection(keys, JSON.stringify(filter))
  const reachEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  if (asked.data === undefined) {
    return asked.error ? <Failed error={asked.error} retry={() => asked.refetch()} /> : <SkeletonRows rows={14} />
  }
  if (rows.length === 0) {
    return isFiltered ? (
      <Empty
        icon={SearchX}
        title={t.emptyTitle}
        action={
          <ButtonLink to="/findings" search={{}}>
            {t.clearAll}
          </ButtonLink>
        }
      >
        {t.empty}
      </Empty>
    ) : (
      <Empty icon={Inbox} title={t.emptyAllTitle}>
        {t.emptyAll}
      </Empty>
    )
  }
  const footer = hasNextPage ? t.loadingMore : t.end(format.number(rows.length))
  return (
    <>
      <DataTable
        label={t.title}
        rows={rows}
        columns={columns}
        getKey={(it) => it.Id}
        describe={(it) => `${title(it)}, ${resourceName(it)}`}
        isLinked
        selection={selection}
        total={total}
        onReachEnd={reachEnd}
        rowHeight={55}
        footer={footer}
      />
      <Bulk chosen={chosen} rows={rows} total={total} filter={filter} clear={clear} chooseAll={chooseAll} />
    </>
  )
}

type BulkProps = {
  chosen: ReturnType<typeof useSelection>['chosen']
  rows: Finding[]
  total: number | undefined
  filter: Partial<Filter>
  clear: () => void
  chooseAll: () => void
}

function Bulk({ chosen, rows, total, filter, clear, chooseAll }: BulkProps) {
  const t = useFindingsTexts()
  const format = useFormats()
  const notAllowed = useTriageRefusal()
  const suppressions = useSuppressionTexts()
  const [meant, setMeant] = useState<Meant | null>(null)
  const [start, setStart] = useState<Start | null>(null)
  const shown = rows.length
  const number = chosen.isAll ? (total ?? 0) : chosen.ids.size
  const refusal = notAllowed ?? (!chosen.isAll && number > 1_000 ? t.tooMany : undefined)
  const canChooseAll = !chosen.isAll && chosen.ids.size >= shown && total !== undefined && total > shown
  return (
    <>
      <div className={styles.bulkPlace} aria-live="polite">
        {number > 0 && (
          <div className={styles.bulk}>
            <strong>{chosen.isAll ? t.allMatching(format.number(number)) : t.selected(format.number(number))}</strong>
            {canChooseAll && (
              <Button isSmall onPress={chooseAll}>
                {t.selectAllMatching(format.number(total))}
              </Button>
            )}
            <Button
              isSmall
              look="primary"
              refusal={refusal}
              onPress={() => setMeant(chosen.isAll ? { filter, expected: number } : { ids: [...chosen.ids] })}
            >
              {t.triageMany(format.number(number))}
            </Button>
            <Button
              isSmall
              refusal={refusal}
              onPress={() =>
                setStart(chosen.isAll ? ofFilter(filter) : ofFindings(rows.filter((it) => chosen.ids.has(it.Id))))
              }
            >
              {suppressions.askFor}
            </Button>
            <Button isSmall look="ghost" onPress={clear}>
              {t.clearSelection}
            </Button>
          </div>
        )}
      </div>
      <TriageDialog meant={meant} onClose={() => setMeant(null)} onDone={clear} />
      <RequestDialog start={start} onClose={() => setStart(null)} onDone={clear} />
    </>
  )
}
