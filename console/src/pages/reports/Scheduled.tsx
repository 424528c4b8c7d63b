// Reports that are made by themselves: when, about what, and where they go.
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { Under } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { Time } from '../../parts/Time'
import styles from './Reports.module.css'
import { useReportsTexts } from './words'

type Line = Schemas['ReportSubject'] & { of: Schemas['ReportSchedule'] }

export function Scheduled({ of: schedules }: { of: Schemas['ReportSchedule'][] }) {
  const t = useReportsTexts()
  const rows = useMemo(() => schedules.flatMap<Line>((of) => of.Subjects.map((it) => ({ ...it, of }))), [schedules])
  const columns = useMemo(
    () => [
      column<Line>(
        'name',
        t.name,
        (it) => (
          <>
            {it.of.Name}
            <Under>{it.of.Formats.join(', ')}</Under>
          </>
        ),
        { phone: 'whole' },
      ),
      column<Line>('about', t.about, (it) => it.Project ?? t.withoutProject),
      column<Line>('when', t.when, (it) => (
        <>
          <code>{it.Schedule}</code>
          <Under>{it.TimeZone}</Under>
        </>
      )),
      column<Line>('place', t.place, (it) => <code>{it.of.Out}</code>),
      column<Line>('last', t.last, (it) => (it.Last ? <Time at={it.Last} /> : t.never), { width: '8rem' }),
      column<Line>('next', t.next, (it) => (it.Next ? <Time at={it.Next} /> : '–'), { width: '8rem' }),
    ],
    [t],
  )
  if (rows.length === 0) return <p className={styles.quiet}>{t.nothingScheduled}</p>
  return (
    <DataTable
      label={t.scheduled}
      rows={rows}
      columns={columns}
      getKey={(it) => `${it.of.Name} ${it.Project ?? ''}`}
      rowHeight={56}
    />
  )
}
