// One account: how the last scan fared, what is open, and what it is.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { MapPinOff } from 'lucide-react'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { useRuleTitles } from '../../api/names'
import { accountsQuery } from '../../api/queries'
import { faredOf } from '../../api/scanState'
import { Badge } from '../../parts/Badge'
import { ButtonLink } from '../../parts/Button'
import { RowLink, Under } from '../../parts/Cell'
import { Id } from '../../parts/Code'
import { column, DataTable } from '../../parts/DataTable'
import { Card, Facts, PageHeader, Section } from '../../parts/Page'
import { SeverityBar, SeverityCounts } from '../../parts/Severity'
import { Empty, Loaded } from '../../parts/States'
import { useAccountTexts } from '../../texts/accounts'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { ScanState } from '../accounts/ScanState'
import { countsQuery } from '../findings/queries'
import styles from './Account.module.css'

const route = getRouteApi('/signed-in/accounts/$id')

export default function Account() {
  const t = useAccountTexts()
  const { id } = route.useParams()
  return (
    <Loaded from={useQuery(accountsQuery)}>
      {(accounts) => {
        const found = accounts.find((it) => it.Account.Id === id)
        return found ? (
          <Detail of={found} />
        ) : (
          <Empty icon={MapPinOff} title={t.notFoundTitle} action={<ButtonLink to="/accounts">{t.all}</ButtonLink>}>
            {t.notFound}
          </Empty>
        )
      }}
    </Loaded>
  )
}

function Detail({ of: detail }: { of: Schemas['AccountDetail'] }) {
  const t = useAccountTexts()
  const common = useCommon()
  const format = useFormats()
  const { Account: it, Scan: scan, Projects: projects } = detail
  const fared = faredOf(detail)
  return (
    <>
      <PageHeader
        title={it.Name || it.Id}
        over={
          <>
            <ScanState of={detail} />
            {it.Management && <Badge tone="accent">{t.management}</Badge>}
          </>
        }
        under={
          <>
            <Id text={it.Id} /> {it.OuPath && `· ${it.OuPath}`}
          </>
        }
        actions={
          <>
            <ButtonLink to="/incidents" search={{ account: it.Id }}>
              {t.seeIncidents}
            </ButtonLink>
            <ButtonLink to="/findings" search={{ account: [it.Id] }} look="primary">
              {t.seeFindings}
            </ButtonLink>
          </>
        }
      />
      <div className={styles.layout}>
        <Open account={it.Id} />
        <Card>
          <Facts
            of={[
              [t.status, common.accountStatus[it.Status]],
              [t.reason, fared?.error && <span className={styles.error}>{fared.error}</span>],
              [t.role, fared?.role],
              [t.resources, scan && format.number(scan.Resources)],
              [t.regions, scan?.Regions.join(', ')],
              [t.projectsOf, format.list(projects)],
              [
                t.tags,
                Object.keys(it.Tags ?? {}).length > 0 && (
                  <span className={styles.tags}>
                    {Object.entries(it.Tags ?? {}).map(([key, value]) => (
                      <Badge key={key} tone="outline">
                        {`${key}: ${value}`}
                      </Badge>
                    ))}
                  </span>
                ),
              ],
              [t.switchedOff, scan?.SwitchedOff?.join(', ')],
            ]}
          />
        </Card>
      </div>
    </>
  )
}

function Open({ account }: { account: string }) {
  const t = useAccountTexts()
  const common = useCommon()
  const format = useFormats()
  const title = useRuleTitles()
  const counts = useQuery(countsQuery({ account: [account] }))
  const columns = useMemo(
    () => [
      column<Schemas['Count']>(
        'rule',
        common.rule,
        (it) => (
          <>
            <RowLink to="/findings" search={{ account: [account], rule: [it.Id] }}>
              {title(it.Id) ?? it.Id}
            </RowLink>
            <Under>
              <code>{it.Id}</code>
            </Under>
          </>
        ),
        { phone: 'whole' },
      ),
      column<Schemas['Count']>('severities', common.severityLabel, (it) => <SeverityCounts of={it.Severities} />, {
        width: '9rem',
      }),
    ],
    [common, title, account],
  )
  return (
    <Loaded from={counts}>
      {(data) => (
        <div>
          <Section title={t.bySeverity}>
            <Card>
              <div className={styles.summary}>
                <span className="numbers">
                  <Link to="/findings" search={{ account: [account] }}>
                    {common.findingCount(data.Total, format.number(data.Total))}
                  </Link>
                </span>
                <SeverityBar of={data.Severities} />
                <SeverityCounts of={data.Severities} />
              </div>
            </Card>
          </Section>
          <Section title={t.topRules}>
            {data.Rules.length === 0 ? (
              <p>{t.noFindings}</p>
            ) : (
              <DataTable
                label={t.topRules}
                rows={data.Rules.slice(0, 15)}
                columns={columns}
                getKey={(it) => it.Id}
                isLinked
                rowHeight={55}
              />
            )}
          </Section>
        </div>
      )}
    </Loaded>
  )
}
