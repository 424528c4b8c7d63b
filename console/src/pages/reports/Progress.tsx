// Open findings week by week, how long they take, what is overdue, what came back.
import { useCallback, useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { useAccountNames } from '../../api/names'
import { RowLink, Under } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { Card, Section } from '../../parts/Page'
import { Severity, SeverityBar, severities } from '../../parts/Severity'
import { type Point, TrendChart } from '../../parts/TrendChart'
import { useLang } from '../../texts'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import styles from './Reports.module.css'
import { useReportsTexts } from './words'

type Answer = Schemas['Progress']
type Overdue = Schemas['Overdue']
type CameBack = Schemas['CameBack']
type Took = { severity: Schemas['Severity']; of: Schemas['TimeToResolve'] }

export function Progress({ of: progress }: { of: Answer }) {
  const t = useReportsTexts()
  return (
    <>
      <Weeks of={progress} />
      <Section title={t.overdue}>
        <LateAccounts of={progress.Overdue} />
      </Section>
      <div className={styles.two}>
        <Section title={t.took}>
          <TimesTaken of={progress.ToResolve} />
        </Section>
        <Section title={t.returns}>
          <Returns of={progress.CameBack} />
        </Section>
      </div>
    </>
  )
}

function Weeks({ of: progress }: { of: Answer }) {
  const t = useReportsTexts()
  const format = useFormats()
  // Before anything was found nobody looked: that is no line at nought.
  const weeks = useMemo(() => {
    const all = progress.Weeks.map((begin, n) => ({ at: `${begin}T00:00:00`, of: progress.All[n] }))
    const first = all.findIndex(({ of }) => of && of.Open + of.New + of.CameBack + of.Resolved > 0)
    return first < 0 ? all.slice(-1) : all.slice(first)
  }, [progress])
  const points = useMemo<Point[]>(() => weeks.map(({ at, of }) => ({ at, value: of?.Open ?? 0 })), [weeks])
  const told = useCallback(
    (n: number) => {
      const week = weeks[n]?.of
      if (!week) return ''
      return t.weekTold(format.number(week.New), format.number(week.CameBack), format.number(week.Resolved))
    },
    [weeks, t, format],
  )
  const describe = useCallback(
    (point: Point) => {
      const open = t.openCount(format.number(point.value ?? 0))
      return `${t.weekOf(format.day(point.at))}\n${open}\n${told(points.indexOf(point))}`
    },
    [t, format, points, told],
  )
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return null
  return (
    <Card>
      <div className={styles.line}>
        <div>
          <h2 className={styles.heading}>{t.open}</h2>
          <div className={styles.number}>{format.number(last.value ?? 0)}</div>
          <p className={styles.quiet}>{told(points.length - 1)}</p>
          <p className={styles.quiet}>{t.asOf(format.moment(progress.Now))}</p>
        </div>
        <TrendChart
          areCounts
          points={points}
          describe={describe}
          height={200}
          description={t.openFrom(
            format.day(first.at),
            format.number(first.value ?? 0),
            format.day(last.at),
            format.number(last.value ?? 0),
          )}
        />
      </div>
    </Card>
  )
}

function LateAccounts({ of: overdue }: { of: Overdue[] }) {
  const t = useReportsTexts()
  const format = useFormats()
  const nameOf = useAccountNames()
  const columns = useMemo(() => {
    const count = (it: Overdue) => Object.values(it.Findings).reduce((sum, n) => sum + n, 0)
    return [
      column<Overdue>(
        'account',
        t.account,
        (it) => (
          <>
            <RowLink to="/findings" search={{ account: [it.Account], overdue: true }}>
              {nameOf(it.Account)}
            </RowLink>
            <Under>{it.Projects.join(', ') || it.Account}</Under>
          </>
        ),
        { phone: 'whole' },
        (it) => nameOf(it.Account),
      ),
      column<Overdue>('severities', t.severity, (it) => <SeverityBar of={it.Findings} />, { width: '9rem' }),
      column<Overdue>('findings', t.findings, (it) => format.number(count(it)), { width: '7rem', align: 'end' }, count),
      column<Overdue>(
        'oldest',
        t.oldest,
        (it) => t.daysLate(it.MostDays, format.number(it.MostDays)),
        { width: '10rem', align: 'end' },
        (it) => it.MostDays,
      ),
    ]
  }, [t, format, nameOf])
  if (overdue.length === 0) return <p className={styles.quiet}>{t.nothingOverdue}</p>
  return <DataTable label={t.overdue} rows={overdue} columns={columns} getKey={(it) => it.Account} isLinked />
}

function TimesTaken({ of: times }: { of: Answer['ToResolve'] }) {
  const t = useReportsTexts()
  const common = useCommon()
  const format = useFormats()
  const rows = useMemo(
    () => severities.flatMap<Took>((severity) => (times[severity] ? [{ severity, of: times[severity] }] : [])),
    [times],
  )
  const columns = useMemo(
    () => [
      column<Took>('severity', t.severity, (it) => <Severity of={it.severity} look="badge" />, { phone: 'whole' }),
      column<Took>('resolved', t.resolved, (it) => format.number(it.of.Resolved), { width: '6rem', align: 'end' }),
      column<Took>('median', t.median, (it) => t.days(format.percent(it.of.MedianDays)), {
        width: '6rem',
        align: 'end',
      }),
      column<Took>('mean', t.mean, (it) => t.days(format.percent(it.of.MeanDays)), { width: '6rem', align: 'end' }),
    ],
    [t, format],
  )
  if (rows.length === 0) return <p className={styles.quiet}>{t.nothingResolved}</p>
  return (
    <>
      <p className={styles.quiet}>{t.tookHint}</p>
      <DataTable
        label={t.took}
        rows={rows}
        columns={columns}
        getKey={(it) => it.severity}
        describe={(it) => common.severity[it.severity]}
      />
    </>
  )
}

function Returns({ of: returned }: { of: CameBack[] }) {
  const t = useReportsTexts()
  const format = useFormats()
  const lang = useLang()
  const columns = useMemo(
    () => [
      column<CameBack>(
        'rule',
        t.rule,
        (it) => (
          <RowLink to="/findings" search={{ rule: [it.Rule] }}>
            {it.Title[lang] || it.Rule}
          </RowLink>
        ),
        { phone: 'whole' },
        (it) => it.Rule,
      ),
      column<CameBack>(
        'times',
        t.times,
        (it) => format.number(it.Times),
        { width: '5rem', align: 'end' },
        (it) => it.Times,
      ),
      column<CameBack>(
        'findings',
        t.findings,
        (it) => format.number(it.Findings),
        { width: '6rem', align: 'end' },
        (it) => it.Findings,
      ),
    ],
    [t, format, lang],
  )
  if (returned.length === 0) return <p className={styles.quiet}>{t.nothingReturned}</p>
  return <DataTable label={t.returns} rows={returned} columns={columns} getKey={(it) => it.Rule} isLinked />
}
