// Every framework, and how far it is met.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { RowLink, Under } from '../../parts/Cell'
import { column } from '../../parts/DataTable'
import { PageHeader } from '../../parts/Page'
import { SearchedTable } from '../../parts/SearchedTable'
import { Loaded } from '../../parts/States'
import { useLang } from '../../texts'
import { useComplianceTexts } from '../../texts/compliance'
import { useFormats } from '../../texts/format'
import { AnswerBar } from './Answer'
import { frameworksQuery } from './queries'

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
  const isJudged = frameworks.some((it) => it.Met)
  return (
    <SearchedTable
      label={t.title}
      searchLabel={t.search}
      nothingFound={t.nothingFound}
      rows={frameworks}
      wordsOf={wordsOf}
      columns={useColumns()}
      getKey={(it) => it.Id}
      footer={isJudged ? undefined : t.notScanned}
    />
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

function wordsOf(it: Line): string {
  return [it.Id, it.Name.en, it.Name.ja, it.Publisher.en, it.Publisher.ja].join(' ')
}
