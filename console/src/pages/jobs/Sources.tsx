// The sources of events that the server follows: how old what comes is, and what is wrong.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { Badge, type Tone } from '../../parts/Badge'
import { column, DataTable } from '../../parts/DataTable'
import { Loaded } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useTexts } from '../../texts'
import { jobs as en } from '../../texts/en/jobs'
import { useFormats } from '../../texts/format'
import { jobs as ja } from '../../texts/ja/jobs'
import styles from './Jobs.module.css'
import { sourcesQuery } from './queries'
import { useSpan } from './span'

type Source = Schemas['SourceState']

const tones: Record<Schemas['SourceCondition'], Tone> = { WAITING: 'quiet', FOLLOWING: 'good', FAILING: 'bad' }

export function Sources() {
  const t = useTexts({ en, ja })
  const columns = useColumns()
  return (
    <Loaded from={useQuery(sourcesQuery)}>
      {(sources) =>
        sources.length === 0 ? (
          <p className={styles.told}>{t.noSources}</p>
        ) : (
          <DataTable label={t.sources} rows={sources} columns={columns} getKey={(it) => it.Name} />
        )
      }
    </Loaded>
  )
}

function useColumns() {
  const t = useTexts({ en, ja })
  const format = useFormats()
  const span = useSpan()
  return useMemo(
    () => [
      column<Source>('source', t.source, (it) => <code>{it.Name}</code>, { width: 'minmax(0, 1.2fr)', phone: 'whole' }),
      column<Source>(
        'condition',
        t.condition,
        (it) => (
          <>
            <Badge tone={tones[it.Condition]}>{t.conditions[it.Condition]}</Badge>{' '}
            <span className={styles.quiet}>
              {it.Condition === 'FAILING' && it.RetryAt
                ? t.retry(format.moment(it.RetryAt))
                : it.Looked && t.looked(format.ago(it.Looked))}
            </span>
            {it.Condition === 'FAILING' && it.Error && <p className={styles.error}>{it.Error}</p>}
          </>
        ),
        { width: 'minmax(0, 1.6fr)', phone: 'whole' },
      ),
      column<Source>('newest', t.newest, (it) => (it.NewestEvent ? <Time at={it.NewestEvent} /> : '–'), {
        width: '8rem',
      }),
      column<Source>('lag', t.lag, (it) => (typeof it.LagSeconds === 'number' ? span(it.LagSeconds) : '–'), {
        width: '6rem',
        align: 'end',
        phone: 'hide',
      }),
      column<Source>('events', t.events, (it) => <span title={t.eventsHint}>{format.number(it.Events)}</span>, {
        width: '6rem',
        align: 'end',
        phone: 'hide',
      }),
    ],
    [t, format, span],
  )
}
