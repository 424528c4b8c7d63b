// One incident: who, where, when; its stages on a time axis; the story; what the attacker made.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { useAccountNames } from '../../api/names'
import { Badge, State } from '../../parts/Badge'
import { Id } from '../../parts/Code'
import { Card, PageHeader, Section } from '../../parts/Page'
import { Severity } from '../../parts/Severity'
import { Loaded } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useFormats } from '../../texts/format'
import { useIncidentTexts } from '../../texts/incidents'
import { SendButton } from '../deliveries/SendDialog'
import { useIncidentTitle } from '../incidents/names'
import styles from './Incident.module.css'
import { Story } from './Story'
import { TimeAxis } from './TimeAxis'

const route = getRouteApi('/signed-in/incidents/$id')

function incidentQuery(id: string) {
  return queryOptions({
    queryKey: ['incident', id],
    queryFn: () => answer(client.GET('/api/incidents/{id}', { params: { path: { id } } })),
  })
}

export default function Incident() {
  const { id } = route.useParams()
  return <Loaded from={useQuery(incidentQuery(id))}>{(story) => <Told of={story} />}</Loaded>
}

function Told({ of: { Incident: it, Findings: findings, Links: links } }: { of: Schemas['IncidentStory'] }) {
  const t = useIncidentTexts()
  const format = useFormats()
  const title = useIncidentTitle()
  const accountName = useAccountNames()
  const facts: [string, ReactNode][] = [
    [t.began, <Time key="began" at={it.FirstSeen} look="moment" />],
    [t.last, <Time key="last" at={it.LastSeen} look="moment" />],
    [
      t.accounts,
      it.Accounts.map((account) => (
        <div key={account}>
          <Link to="/accounts/$id" params={{ id: account }}>
            {accountName(account)}
          </Link>
        </div>
      )),
    ],
    [t.actors, it.Actors.map((actor) => <div key={actor.Principal}>{actor.Name || actor.Principal}</div>)],
    [t.findings, format.number(it.Findings)],
    [t.events, format.number(it.Events)],
  ]
  return (
    <>
      <PageHeader
        title={title(it)}
        over={
          <>
            <Severity of={it.Severity} look="badge" />
            <State of={it} />
            <Id text={it.Id.slice(0, 8)} canCopy={false} />
          </>
        }
        actions={<SendButton about={{ Incident: it.Id }} />}
      />
      <Card>
        <dl className={styles.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="numbers">{value}</dd>
            </div>
          ))}
        </dl>
      </Card>
      {findings.length > 0 && <TimeAxis of={findings} />}
      {links.length > 0 && <Links of={links} />}
      <Story of={findings} />
    </>
  )
}

function Links({ of: links }: { of: Schemas['EntityLink'][] }) {
  const t = useIncidentTexts()
  return (
    <Section title={t.links}>
      <p className={styles.quiet}>{t.linksHint}</p>
      <ul className={styles.links}>
        {links.map((it) => (
          <li key={`${it.Time} ${it.To.name}`}>
            <Time at={it.Time} look="clock" />
            <span>{it.Actor.Name || it.Actor.Principal}</span>
            <code>{it.How}</code>
            <span aria-hidden="true">→</span>
            <Badge>{t.entityKind[it.To.kind]}</Badge>
            <Id text={it.To.name} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
