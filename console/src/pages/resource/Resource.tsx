// One resource: its configuration as it is and as it was, what it has to do with others, what is wrong with it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Boxes } from 'lucide-react'
import type { Schemas } from '../../api/client'
import { shortType, useAccountNames } from '../../api/names'
import { type KeySearch, relatedQuery, versionsQuery } from '../../api/resources'
import { Badge } from '../../parts/Badge'
import { ButtonLink } from '../../parts/Button'
import { Id } from '../../parts/Code'
import { JsonTree } from '../../parts/JsonTree'
import { Card, Facts, PageHeader, Section } from '../../parts/Page'
import { Severity, severities } from '../../parts/Severity'
import { Empty, Loaded } from '../../parts/States'
import { Tabs } from '../../parts/Tabs'
import { Time } from '../../parts/Time'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { useResourceTexts } from '../../texts/resources'
import page from '../finding/Finding.module.css'
import { Relations } from './Relations'
import { isOpen, ResourceFindings } from './ResourceFindings'
import { tabs } from './search'
import { Tags } from './Tags'
import { Unread } from './Unread'
import { Versions } from './Versions'

const route = getRouteApi('/signed-in/inventory/resource')

export default function Resource() {
  const t = useResourceTexts()
  const { account, region, type, id } = route.useSearch()
  if (!account || !region || !type || !id) {
    return (
      <>
        <PageHeader title={t.title} />
        <Empty icon={Boxes} title={t.incompleteTitle} action={<ButtonLink to="/inventory">{t.toInventory}</ButtonLink>}>
          {t.incomplete}
        </Empty>
      </>
    )
  }
  const key = { account, region, type, id }
  return <Found key={JSON.stringify(key)} by={key} />
}

function Found({ by }: { by: KeySearch }) {
  const asked = useQuery(versionsQuery(by))
  return <Loaded from={asked}>{(versions) => <Detail by={by} versions={versions} />}</Loaded>
}

function Detail({ by, versions }: { by: KeySearch; versions: Schemas['Version'][] }) {
  const t = useResourceTexts()
  const common = useCommon()
  const format = useFormats()
  const accountName = useAccountNames()
  const { tab = 'configuration' } = route.useSearch()
  const around = useQuery(relatedQuery(by))
  const newestFirst = [...versions].sort((a, b) => b.Scan - a.Scan)
  const latest = newestFirst[0]
  const resource = newestFirst.find((it) => it.Resource)?.Resource
  const isGone = latest !== undefined && !latest.Resource
  const open = around.data?.Findings.filter(isOpen)
  const worst = severities.find((it) => open?.some((one) => one.Severity === it))
  const number = (n: number | undefined) => (n === undefined ? {} : { count: format.number(n) })
  const counts = {
    configuration: {},
    findings: number(open?.length),
    relations: number(around.data && around.data.PointsTo.length + around.data.PointedToBy.length),
    versions: number(versions.length),
  }
  return (
    <>
      <PageHeader
        title={resource?.Name || by.id}
        over={
          <>
            {worst && <Severity of={worst} look="badge" />}
            {isGone && <Badge tone="outline">{t.isGone}</Badge>}
          </>
        }
        under={
          <>
            <span translate="no">{shortType(by.type)}</span> · {accountName(by.account)} ·{' '}
            {by.region === 'global' ? common.global : by.region}
          </>
        }
        actions={
          <ButtonLink to="/findings" search={{ text: resource?.Arn || by.id, account: [by.account] }}>
            {t.seeFindings}
          </ButtonLink>
        }
      />
      <Tabs label={t.parts} keeps tabs={tabs.map((id) => ({ id, name: t.tabs[id], ...counts[id] }))} current={tab} />
      <div className={page.layout}>
        <div>
          {tab === 'configuration' && resource && (
            <>
              <Unread of={resource} />
              <Section title={t.tabs.configuration}>
                <JsonTree of={resource.Configuration} label={t.tabs.configuration} />
              </Section>
            </>
          )}
          {tab === 'findings' && <Loaded from={around}>{(it) => <ResourceFindings of={it.Findings} by={by} />}</Loaded>}
          {tab === 'relations' && (
            <Loaded from={around}>
              {(it) => <Relations by={by} name={resource?.Name || by.id} worst={worst} of={it} />}
            </Loaded>
          )}
          {tab === 'versions' && <Versions of={newestFirst} />}
        </div>
        <div className={page.side}>
          <Card>
            <Facts
              of={[
                [t.goneSince, isGone && <Time key="gone" at={latest.At} look="moment" />],
                [t.lastChanged, !isGone && latest && <Time key="changed" at={latest.At} look="moment" />],
                [
                  t.firstSeen,
                  newestFirst.length > 1 && <Time key="first" at={newestFirst.at(-1)?.At ?? ''} look="moment" />,
                ],
                [
                  common.account,
                  <Link key="account" to="/accounts/$id" params={{ id: by.account }}>
                    {accountName(by.account)}
                  </Link>,
                ],
                [common.region, by.region === 'global' ? common.global : by.region],
                [
                  t.type,
                  <Link key="type" to="/inventory" search={{ type: [by.type] }} translate="no">
                    {by.type}
                  </Link>,
                ],
                [t.name, resource?.Name],
                [t.identifier, <Id key="id" text={by.id} />],
                [t.arn, resource?.Arn && resource.Arn !== by.id && <Id key="arn" text={resource.Arn} />],
              ]}
            />
          </Card>
          {resource && (
            <Card>
              <Section title={t.tags}>
                <Tags of={resource.Tags ?? {}} />
              </Section>
            </Card>
          )}
        </div>
      </div>
    </>
  )
}
