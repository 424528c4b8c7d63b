// What the server does by itself: when each job ran and how that ended, when it runs next, what runs now.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { useMay } from '../../api/session'
import { Allowed } from '../../parts/Allowed'
import { Badge, type Tone } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Card, PageHeader, Section } from '../../parts/Page'
import { Empty, Loaded } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useTell } from '../../parts/Toasts'
import { useTexts } from '../../texts'
import { useCommon } from '../../texts/common'
import { jobs as en } from '../../texts/en/jobs'
import { useFormats } from '../../texts/format'
import { jobs as ja } from '../../texts/ja/jobs'
import styles from './Jobs.module.css'
import { jobsQuery } from './queries'
import { ScanDialog } from './ScanDialog'
import { Sources } from './Sources'
import { useSpan } from './span'

type Job = Schemas['JobState']

const tones: Record<Schemas['JobEnd'], Tone> = {
  SUCCEEDED: 'good',
  FAILED: 'bad',
  STOPPED: 'quiet',
  INTERRUPTED: 'warn',
}

export default function Jobs() {
  const t = useTexts({ en, ja })
  return (
    <>
      <PageHeader title={t.title} under={t.lead} />
      <Allowed needs="whole">
        <List />
        <Section title={t.sources}>
          <Sources />
        </Section>
      </Allowed>
    </>
  )
}

function List() {
  const t = useTexts({ en, ja })
  return (
    <Loaded from={useQuery(jobsQuery)}>
      {(jobs) =>
        jobs.length === 0 ? (
          <Empty icon={CalendarClock} title={t.emptyTitle}>
            {t.empty}
          </Empty>
        ) : (
          <ul className={styles.jobs}>
            {jobs.map((it) => (
              <li key={it.Name}>
                <Card>
                  <One of={it} />
                </Card>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}

export function useJobName(): (name: string) => string {
  const t = useTexts({ en, ja })
  return (name) => (t.names as Record<string, string | undefined>)[name] ?? name
}

function One({ of: it }: { of: Job }) {
  const t = useTexts({ en, ja })
  const nameOf = useJobName()
  const about = (t.about as Record<string, string | undefined>)[it.Name]
  return (
    <div className={styles.job}>
      <div className={styles.what}>
        <h2>{nameOf(it.Name)}</h2>
        {about && <p className={styles.quiet}>{about}</p>}
        {it.Running && <Progress of={it.Running} />}
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>{t.schedule}</dt>
          <dd>
            {it.Schedule ? (
              <>
                <code>{it.Schedule}</code> {it.TimeZone && <span className={styles.quiet}>{it.TimeZone}</span>}
              </>
            ) : it.Name === 'notify' ? (
              t.onDemand
            ) : (
              t.whenAsked
            )}
          </dd>
        </div>
        <div>
          <dt>{t.next}</dt>
          <dd>{it.Next ? <Time at={it.Next} /> : '–'}</dd>
        </div>
        <div>
          <dt>{t.last}</dt>
          <dd>
            <Last of={it} />
          </dd>
        </div>
      </dl>
      <Run of={it} />
    </div>
  )
}

function Last({ of: { Last: last, Failures: failures } }: { of: Job }) {
  const t = useTexts({ en, ja })
  const span = useSpan()
  if (!last) return t.never
  const seconds = (Date.parse(last.Ended) - Date.parse(last.Began)) / 1000
  return (
    <>
      <Badge tone={tones[last.End]}>{t.ends[last.End]}</Badge> <Time at={last.Ended} />{' '}
      <span className={styles.quiet}>
        {t.took(span(seconds))}
        {last.By && ` · ${t.by(last.By)}`}
        {failures > 1 && ` · ${t.failures(failures)}`}
      </span>
      {last.Told && <p className={last.End === 'FAILED' ? styles.error : styles.told}>{last.Told}</p>}
    </>
  )
}

function Progress({ of: it }: { of: Schemas['JobProgress'] }) {
  const t = useTexts({ en, ja })
  const format = useFormats()
  const hasNumbers = typeof it.Done === 'number' && typeof it.Total === 'number' && it.Total > 0
  const words = hasNumbers ? t.accounts(format.number(it.Done ?? 0), format.number(it.Total ?? 0)) : t.running
  return (
    <div className={styles.progress}>
      <progress aria-label={words} {...(hasNumbers ? { value: it.Done ?? 0, max: it.Total ?? 1 } : {})} />
      <span className={styles.quiet}>
        {words} · {t.since(format.moment(it.Began))}
        {it.By && ` · ${t.by(it.By)}`}
      </span>
    </div>
  )
}

function Run({ of: it }: { of: Job }) {
  const t = useTexts({ en, ja })
  const common = useCommon()
  const tell = useTell()
  const may = useMay()
  const nameOf = useJobName()
  const cache = useQueryClient()
  const [isScanOpen, setScanOpen] = useState(false)
  const run = useMutation({
    mutationFn: () => answer(client.POST('/api/jobs/{name}/run', { params: { path: { name: it.Name } } })),
    onSuccess: () => tell.done(t.began(nameOf(it.Name))),
    onError: tell.failed,
    onSettled: () => cache.invalidateQueries({ queryKey: ['jobs'] }),
  })
  const refusal = may('administer')
    ? it.Running
      ? t.runs
      : undefined
    : common.notAllowed(common.permission.administer)
  return (
    <div className={styles.buttons}>
      {it.Name === 'scan' && (
        <Button isSmall refusal={refusal} onPress={() => setScanOpen(true)}>
          {t.scanSome}
        </Button>
      )}
      <Button isSmall refusal={refusal} isBusy={run.isPending} onPress={() => run.mutate()}>
        {t.run}
      </Button>
      {isScanOpen && <ScanDialog onClose={() => setScanOpen(false)} />}
    </div>
  )
}
