// Every framework, and how far it is met.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { SearchX } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { RowLink, Under } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { SearchField } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { Empty, Loaded } from '../../parts/States'
import { Toolbar } from '../../parts/Toolbar'
import { useLang } from '../../texts'
import { useComplianceTexts } from '../../texts/compliance'
import { useFormats } from '../../texts/format'
import { AnswerBar } from './Answer'
import { frameworksQuery } from './queries'

const route = getRouteApi('/signed-in/compliance')

type Line = Schemas['FrameworkLine']

export default function Compliance() {
  const t = useComplianceTexts()
  return (
    <>
      <PageHeader title={t.title} under={t.lead} />
      <Loaded from={useQuery(frameworksQuery)}>{(frameworks) => <List of={frameworks} />}</Loaded>
    </>
  )
}

function List({ of: frameworks }: { of: Line[] }) {
  const t = useComplianceTexts()
  const { text = '', sort } = route.useSearch()
  const navigate = route.useNavigate()
  const change = useCallback(
    (part: { text?: string | undefined; sort?: string | undefined }) =>
      void navigate({ to: '.', search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  )
  const setText = useCallback((it: string) => change({ text: it || undefined }), [change])
  const rows = useMemo(() => frameworks.filter((it) => isMeant(it, text)), [frameworks, text])
  const columns = useColumns()
  const isJudged = frameworks.some((it) => it.Met)
  return (
    <>
      <Toolbar>
        <SearchField label={t.search} value={text} onChange={setText} />
      </Toolbar>
      {rows.length === 0 ? (
        <Empty icon={SearchX} title={t.nothingFound} />
      ) : (
        <DataTable
          label={t.title}
          rows={rows}
          columns={columns}
          getKey={(it) => it.Id}
          isLinked
          rowHeight={55}
          sort={sort}
          onSort={(it) => change({ sort: it })}
          footer={isJudged ? undefined : t.notScanned}
        />
      )}
    </>
  )
}

function useColumns() {
  const t = useComplianceTexts()
  const format = useFormats()
  const lang = useLang()
  return useMemo(() => {
    const percent = (it: number | null | undefined) => (typeof it === 'number' ? t.percent(format.percent(it)) : '–')
    return [
      column<Line>(
        'framework',
        t.framework,
        (it) => (
          <>
            <RowLink to="/compliance/$id" params={{ id: it.Id }}>
              {it.Name[lang]}
            </RowLink>
            <Under>
              {it.Publisher[lang]} · {t.requirements(format.number(it.Requirements))}
            </Under>
          </>
        ),
        { width: 'minmax(0, 1.6fr)', phone: 'whole' },
        (it) => it.Name[lang],
      ),
      column<Line>('answers', t.answers, (it) => it.Met && <AnswerBar of={it.Met.Totals} />, {
        width: 'minmax(0, 1fr)',
        phone: 'whole',
      }),
      column<Line>(
        'met',
        t.met,
        (it) => <span title={t.met}>{percent(it.Met?.PassedPercent)}</span>,
        { width: '5rem', align: 'end' },
        (it) => it.Met?.PassedPercent ?? -1,
      ),
      column<Line>(
        'evaluated',
        t.evaluated,
        (it) => <span title={t.evaluated}>{percent(it.Met?.EvaluatedPercent)}</span>,
        { width: '5.5rem', align: 'end' },
        (it) => it.Met?.EvaluatedPercent ?? -1,
      ),
      column<Line>(
        'score',
        t.score,
        (it) => <strong title={t.score}>{typeof it.Score === 'number' ? format.percent(it.Score) : '–'}</strong>,
        { width: '4.5rem', align: 'end' },
        (it) => it.Score ?? -1,
      ),
    ]
  }, [t, format, lang])
}

function isMeant(it: Line, text: string): boolean {
  const all = `${it.Id} ${it.Name.en} ${it.Name.ja} ${it.Publisher.en} ${it.Publisher.ja}`.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word))
}
