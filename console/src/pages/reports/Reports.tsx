// How it goes on, and reports: those that are made now, and those that are made by themselves.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { FileX } from 'lucide-react'
import { answer, client } from '../../api/client'
import { Select } from '../../parts/Field'
import { PageHeader, Section } from '../../parts/Page'
import { Empty, Loaded } from '../../parts/States'
import { useFormats } from '../../texts/format'
import { Make } from './Make'
import { Progress } from './Progress'
import { Scheduled } from './Scheduled'
import { spans } from './search'
import { useReportsTexts } from './words'

const route = getRouteApi('/signed-in/reports')

const reportsQuery = queryOptions({
  queryKey: ['reports'],
  queryFn: () => answer(client.GET('/api/reports')),
})

function progressQuery(weeks: number) {
  return queryOptions({
    queryKey: ['progress', weeks],
    staleTime: 10 * 60_000,
    queryFn: () => answer(client.GET('/api/progress', { params: { query: { weeks } } })),
  })
}

export default function Reports() {
  const t = useReportsTexts()
  const format = useFormats()
  const { weeks = '26' } = route.useSearch()
  const navigate = route.useNavigate()
  const reports = useQuery(reportsQuery)
  return (
    <>
      <PageHeader
        title={t.title}
        under={t.lead}
        actions={
          <Select
            isBare
            label={t.weeks}
            value={weeks}
            options={spans.map((it) => [it, t.lastWeeks(format.number(Number(it)))] as const)}
            onChange={(it) => navigate({ to: '.', search: { weeks: it } })}
          />
        }
      />
      <Loaded from={useQuery(progressQuery(Number(weeks)))}>{(progress) => <Progress of={progress} />}</Loaded>
      <Section title={t.make}>
        <Loaded from={reports}>
          {(list) => (list.IsAble ? <Make of={list} weeks={Number(weeks)} /> : <Empty icon={FileX} title={t.unable} />)}
        </Loaded>
      </Section>
      {(reports.data?.WithoutProject ?? false) && (
        <Section title={t.scheduled}>
          <Scheduled of={reports.data?.Scheduled ?? []} />
        </Section>
      )}
    </>
  )
}
