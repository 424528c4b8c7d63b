// Incidents, the newest first.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { useMemo } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { useAccountNames } from '../../api/names'
import { State } from '../../parts/Badge'
import { column, DataTable } from '../../parts/DataTable'
import { Select } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { Severity, severities } from '../../parts/Severity'
import { Empty, Loaded } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { useIncidentTexts } from '../../texts/incidents'
import styles from './Incidents.module.css'
import { useIncidentTitle } from './names'

const route = getRouteApi('/signed-in/incidents')

type Incident = Schemas['Incident']

/** So many are listed; older ones are found by severity or account. */
const most = 10_000

function incidentsQuery(query: { severity?: Schemas['Severity']; account?: string }) {
  return queryOptions({
    queryKey: ['incidents', query],
    queryFn: async ({ signal }) => {
      const all: Incident[] = []
      let after: string | undefined
      do {
        const page = await answer(
          client.GET('/api/incidents', { params: { query: { ...query, limit: 1_000, after } }, signal }),
        )
        all.push(...page.Incidents)
        after = page.Next ?? undefined
      } while (after !== undefined && all.length < most)
      return all
    },
  })
}

export default function Incidents() {
  const t = useIncidentTexts()
  const common = useCommon()
  const format = useFormats()
  const { severity, account } = route.useSearch()
  const navigate = useNavigate()
  const asked = useQuery(incidentsQuery({ severity, account }))
  const title = useIncidentTitle()
  const accountName = useAccountNames()
  const columns = useMemo(
    () => [
      column<Incident>('severity', common.severityLabel, (it) => <Severity of={it.Severity} />, { width: '4.5rem' }),
      column<Incident>(
        'incident',
        t.incident,
        (it) => (
          <>
            <Link className={styles.title ?? ''} to="/incidents/$id" params={{ id: it.Id }} data-row-link="">
              {title(it)}
            </Link>
            <ol className={styles.stages} aria-label={t.stages}>
              {it.Stages.map((stage) => (
                <li key={stage}>{common.tactic[stage]}</li>
              ))}
            </ol>
          </>
        ),
        { phone: 'whole' },
      ),
      column<Incident>('accounts', t.accounts, (it) => format.list(it.Accounts.map(accountName)), {
        width: 'minmax(0, 12rem)',
        phone: 'whole',
      }),
      column<Incident>('state', common.state, (it) => <State of={it} />, { width: '5.5rem' }),
      column<Incident>('findings', t.findings, (it) => format.number(it.Findings), {
        width: '4rem',
        align: 'end',
        phone: 'hide',
      }),
      column<Incident>('last', t.last, (it) => <Time at={it.LastSeen} />, { width: '7.5rem', align: 'end' }),
    ],
    [t, common, format, title, accountName],
  )
  return (
    <>
      <PageHeader title={t.title} under={t.lead} />
      <div className={styles.tools}>
        <Select
          isBare
          label={t.severity}
          value={severity ?? 'ALL'}
          options={[
            ['ALL', t.allSeverities] as const,
            ...severities.slice(0, 4).map((it) => [it, `${t.severity}: ${common.severity[it]}`] as const),
          ]}
          onChange={(it) =>
            void navigate({ to: '/incidents', search: { account, severity: it === 'ALL' ? undefined : it } })
          }
        />
      </div>
      <Loaded from={asked}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={ShieldCheck} title={t.emptyTitle}>
              {severity || account ? t.emptyFiltered : t.empty}
            </Empty>
          ) : (
            <DataTable
              label={t.title}
              rows={rows}
              columns={columns}
              getKey={(it) => it.Id}
              isLinked
              rowHeight={72}
              footer={t.count(rows.length, format.number(rows.length))}
            />
          )
        }
      </Loaded>
    </>
  )
}
