// Suppressions: those that wait for somebody, those that hide, those that ended.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { EyeOff, Plus, SearchX } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import type { Schemas } from '../../api/client'
import { Badge, type Tone } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { RowLink, Under } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { SearchField } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { Empty, Loaded } from '../../parts/States'
import { Tabs } from '../../parts/Tabs'
import { Toolbar } from '../../parts/Toolbar'
import { useFormats } from '../../texts/format'
import { useSuppressionTexts } from '../../texts/suppressions'
import { useTriageRefusal } from '../findings/Triage'
import { suppressionsQuery } from './queries'
import { RequestDialog } from './RequestDialog'
import { useEntryNames } from './ScopeEditor'
import { SuppressionDialog } from './SuppressionDialog'
import { dimensions, type Start } from './scope'
import { tabs } from './search'

const route = getRouteApi('/signed-in/suppressions')

type Line = Schemas['SuppressionLine']

const tones: Record<Line['State'], Tone> = { REQUESTED: 'warn', ACTIVE: 'good', ENDED: 'quiet' }

export function StateOf({ of }: { of: Line }) {
  const t = useSuppressionTexts()
  return <Badge tone={tones[of.State]}>{t.states[of.State]}</Badge>
}

export default function Suppressions() {
  const t = useSuppressionTexts()
  const refusal = useTriageRefusal()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const asked = useQuery(suppressionsQuery)
  const [start, setStart] = useState<Start | null>(null)
  const shown = asked.data?.find((it) => it.Name === search.name)
  return (
    <>
      <PageHeader
        title={t.title}
        under={t.lead}
        actions={
          <Button look="primary" refusal={refusal} onPress={() => setStart({ scope: { Rules: [], Accounts: [] } })}>
            <Plus size={14} aria-hidden="true" />
            {t.ask}
          </Button>
        }
      />
      <Loaded from={asked}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={EyeOff} title={t.emptyTitle}>
              {t.empty}
            </Empty>
          ) : (
            <List of={all} />
          )
        }
      </Loaded>
      {shown && (
        <SuppressionDialog
          of={shown}
          onClose={() =>
            void navigate({ to: '.', search: (before) => ({ ...before, name: undefined }), replace: true })
          }
          onAgain={setStart}
        />
      )}
      <RequestDialog start={start} onClose={() => setStart(null)} />
    </>
  )
}

function List({ of: all }: { of: Line[] }) {
  const t = useSuppressionTexts()
  const format = useFormats()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { tab = 'all', text = '', sort } = search
  const change = useCallback(
    (part: { text?: string | undefined; sort?: string | undefined }) =>
      void navigate({ to: '.', search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  )
  const setText = useCallback((it: string) => change({ text: it || undefined }), [change])
  const columns = useColumns(search)
  const ofTab = (id: string) => all.filter((it) => id === 'all' || it.State === id.toUpperCase())
  const rows = ofTab(tab).filter((it) =>
    JSON.stringify([it.Name, it.Reason, it.Requester, it.Approver, it.Scope, it.File])
      .toLowerCase()
      .includes(text.toLowerCase()),
  )
  return (
    <>
      <Tabs
        label={t.title}
        keeps
        current={tab}
        tabs={tabs.map((id) => ({ id, name: t.tabs[id], count: format.number(ofTab(id).length) }))}
      />
      <Toolbar>
        <SearchField label={t.search} value={text} onChange={setText} />
      </Toolbar>
      {rows.length === 0 ? (
        <Empty icon={SearchX} title={t.nothingFound}>
          {t.nothingFoundHint}
        </Empty>
      ) : (
        <DataTable
          label={t.title}
          rows={rows}
          columns={columns}
          getKey={(it) => `${it.State} ${it.Name}`}
          isLinked
          sort={sort}
          onSort={(it) => change({ sort: it })}
          rowHeight={60}
        />
      )}
    </>
  )
}

function useColumns(search: object) {
  const t = useSuppressionTexts()
  const format = useFormats()
  const summary = useSummary()
  return useMemo(
    () => [
      column<Line>(
        'name',
        t.name,
        (it) => (
          <>
            <RowLink to="/suppressions" search={{ ...search, name: it.Name }}>
              {it.Name}
            </RowLink>
            <Under>{it.Reason}</Under>
          </>
        ),
        { width: 'minmax(0, 1.4fr)', phone: 'whole' },
        (it) => it.Name,
      ),
      column<Line>('scope', t.scope, (it) => summary(it), { width: 'minmax(0, 1.2fr)', phone: 'whole' }),
      column<Line>(
        'state',
        t.state,
        (it) => (
          <>
            <StateOf of={it} /> {it.File && <Badge tone="outline">{t.fromFile}</Badge>}
          </>
        ),
        { width: '10.5rem' },
      ),
      column<Line>(
        'until',
        t.until,
        (it) => (
          <>
            {it.Until && format.day(it.Until)}
            <Under>
              {it.EndsSoon && it.State === 'ACTIVE' ? (
                <Badge tone="warn">{t.daysLeft(it.DaysLeft)}</Badge>
              ) : it.DaysLeft < 0 ? (
                t.endedAgo(-it.DaysLeft)
              ) : (
                t.daysLeft(it.DaysLeft)
              )}
            </Under>
          </>
        ),
        { width: '8rem' },
        (it) => it.DaysLeft,
      ),
      column<Line>(
        'hides',
        t.hides,
        (it) => format.number(it.Hides),
        { width: '5.5rem', align: 'end' },
        (it) => it.Hides,
      ),
    ],
    [t, format, summary, search],
  )
}

/** The scope in a line: the first entry of each condition, and how many more there are. */
function useSummary(): (it: Line) => string {
  const t = useSuppressionTexts()
  const name = useEntryNames()
  return (it) =>
    dimensions
      .filter((one) => (it.Scope[one]?.length ?? 0) > 0)
      .map((one) => {
        const [first = '', ...rest] = it.Scope[one] ?? []
        const short = name(one, first)
        const cut = short.length > 60 ? `${short.slice(0, 60)}…` : short
        return `${t.dimensions[one]}: ${cut}${rest.length > 0 ? ` +${rest.length}` : ''}`
      })
      .join(' · ')
}
