// One finding: what is wrong, why it matters, how to put it right and what that may break, and what happened to it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schemas } from '../../api/client'
import { resourceName, shortType } from '../../api/names'
import { keySearch } from '../../api/resources'
import { useSession } from '../../api/session'
import { State } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Code, Id, Json } from '../../parts/Code'
import { External } from '../../parts/External'
import { Card, Facts, PageHeader, Section } from '../../parts/Page'
import { Severity } from '../../parts/Severity'
import { Loaded } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useTell } from '../../parts/Toasts'
import { useLang, useTexts } from '../../texts'
import { useCommon } from '../../texts/common'
import { finding as en } from '../../texts/en/finding'
import { useExplanationTexts } from '../../texts/explanation'
import { useFormats } from '../../texts/format'
import { finding as ja } from '../../texts/ja/finding'
import { useSuppressionTexts } from '../../texts/suppressions'
import { SendButton } from '../deliveries/SendDialog'
import { type Meant, TriageDialog, useTriage, useTriageRefusal } from '../findings/Triage'
import { trySearch } from '../rule/search'
import { RequestDialog } from '../suppressions/RequestDialog'
import { ofFindings, type Start } from '../suppressions/scope'
import styles from './Finding.module.css'
import { History } from './History'
import { findingQuery } from './queries'
import { Related } from './Related'
import { Requirements } from './Requirements'

const route = getRouteApi('/signed-in/findings/$id')

export default function Finding() {
  const { id } = route.useParams()
  return <Loaded from={useQuery(findingQuery(id))}>{(detail) => <Detail key={id} of={detail} />}</Loaded>
}

function Detail({
  of: { Finding: it, Rule: rule, Requirements: requirements, History: history, AccountName: account },
}: {
  of: Schemas['FindingDetail']
}) {
  const t = useTexts({ en, ja })
  const explanation = useExplanationTexts()
  const lang = useLang()
  const text = rule?.Text[lang]
  const steps = rule?.Fix.steps[lang] ?? []
  return (
    <>
      <PageHeader
        title={text?.title || it.Text?.Title || it.Rule}
        over={
          <>
            <Severity of={it.Severity} look="badge" />
            <State of={it} />
          </>
        }
        under={
          <>
            <code>{resourceName(it)}</code> · <span translate="no">{shortType(it.Resource.ResourceType)}</span> ·{' '}
            {account || it.Resource.Account}
          </>
        }
        actions={<Actions of={it} />}
      />
      <div className={styles.layout}>
        <div>
          {text?.why && (
            <Section title={t.why}>
              <p className={styles.text}>{text.why}</p>
            </Section>
          )}
          {it.Text?.Description && (
            <Section title={t.description}>
              <p className={styles.text}>{it.Text.Description}</p>
            </Section>
          )}
          <Section title={t.evidence}>
            {it.Evidence === undefined || it.Evidence === null ? (
              <p className={styles.text}>{t.noEvidence}</p>
            ) : (
              <Json of={it.Evidence} />
            )}
            {rule && it.Kind !== 'threat' && it.Detectors.includes('yagura') && (
              <p className={styles.how}>
                <Link to="/rules/$id" params={{ id: rule.Id }} search={trySearch(it.Resource)}>
                  {explanation.how}
                </Link>
              </p>
            )}
          </Section>
          {steps.length > 0 && (
            <Section title={t.steps}>
              <ol className={styles.steps}>
                {steps.map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ol>
              {rule?.Fix.cli && <Code text={rule.Fix.cli} />}
              {rule?.Fix.repair && <p className={styles.text}>{t.repair(rule.Fix.repair)}</p>}
            </Section>
          )}
          {it.Text?.Remediation && (
            <Section title={t.remediation}>
              <p className={styles.text}>{it.Text.Remediation}</p>
            </Section>
          )}
          {text?.impact_of_fix && (
            <Section title={t.impact}>
              <p className={styles.caution}>{text.impact_of_fix}</p>
            </Section>
          )}
          <Section title={t.who}>
            <p className={styles.text}>{t.nobodyKnown}</p>
          </Section>
          <Related to={it} />
          <Section title={t.requirements}>
            <Requirements of={requirements} />
          </Section>
          <References rule={rule ?? null} own={it.Text?.Url} />
        </div>
        <div className={styles.side}>
          <Card>
            <About of={it} rule={rule ?? null} account={account} />
          </Card>
          <Card>
            <Section title={t.history}>
              <History of={history} />
            </Section>
          </Card>
        </div>
      </div>
    </>
  )
}

function Actions({ of: it }: { of: Schemas['Finding'] }) {
  const t = useTexts({ en, ja })
  const tell = useTell()
  const me = useSession()?.User.Name ?? ''
  const refusal = useTriageRefusal()
  const triage = useTriage(() => undefined)
  const suppressions = useSuppressionTexts()
  const [meant, setMeant] = useState<Meant | null>(null)
  const [start, setStart] = useState<Start | null>(null)
  const change = (what: Partial<Schemas['TriageRequest']>) =>
    triage.mutate({ meant: { ids: [it.Id] }, change: what }, { onError: tell.failed })
  const canResolve = it.RecordState === 'ACTIVE' && it.Workflow !== 'RESOLVED'
  return (
    <>
      {it.Assignee !== me && (
        <Button refusal={refusal} onPress={() => change({ Assignee: me })}>
          {t.assignToMe}
        </Button>
      )}
      {canResolve && (
        <Button refusal={refusal} onPress={() => change({ Workflow: 'RESOLVED' })}>
          {t.resolve}
        </Button>
      )}
      {it.RecordState === 'ACTIVE' && !it.Suppression && (
        <Button refusal={refusal} onPress={() => setStart(ofFindings([it]))}>
          {suppressions.askFor}
        </Button>
      )}
      <SendButton about={{ Finding: it.Id }} />
      <Button look="primary" refusal={refusal} onPress={() => setMeant({ ids: [it.Id] })}>
        {t.triage}
      </Button>
      <TriageDialog meant={meant} onClose={() => setMeant(null)} />
      <RequestDialog start={start} onClose={() => setStart(null)} />
    </>
  )
}

type AboutProps = { of: Schemas['Finding']; rule: Schemas['RuleInfo'] | null; account: string }

function About({ of: it, rule, account }: AboutProps) {
  const t = useTexts({ en, ja })
  const common = useCommon()
  const format = useFormats()
  const incident = incidentOf(it.Evidence)
  return (
    <Facts
      of={[
        [common.assignee, it.Assignee ?? common.nobody],
        [t.since, <Time key="since" at={it.OpenedAt} look="moment" />],
        [t.firstSeen, it.FirstSeen !== it.OpenedAt && <Time key="first" at={it.FirstSeen} look="moment" />],
        [t.lastSeen, <Time key="last" at={it.LastSeen} look="moment" />],
        [t.ended, it.ResolvedAt && <Time key="ended" at={it.ResolvedAt} look="moment" />],
        [t.reopened, it.Reopened > 0 && t.times(it.Reopened)],
        [
          common.account,
          <Link key="account" to="/accounts/$id" params={{ id: it.Resource.Account }}>
            {account || it.Resource.Account}
          </Link>,
        ],
        [common.region, it.Resource.Region === 'global' ? common.global : it.Resource.Region],
        [t.type, it.Resource.ResourceType],
        [
          common.resource,
          <Link key="resource" to="/inventory/resource" search={keySearch(it.Resource)}>
            {resourceName(it)}
          </Link>,
        ],
        [t.identifier, it.Resource.Id !== it.Name && <Id key="id" text={it.Resource.Id} />],
        [t.arn, <Id key="arn" text={it.Arn} />],
        [
          common.rule,
          rule ? (
            <Link key="rule" to="/rules/$id" params={{ id: rule.Id }}>
              {rule.Id}
            </Link>
          ) : (
            it.Rule
          ),
        ],
        [t.function, rule && common.csf[rule.Function]],
        [t.detectors, format.list(it.Detectors.map((one) => common.detector[one]))],
        [
          t.suppression,
          it.Suppression && (
            <Link key="suppression" to="/suppressions" search={{ name: it.Suppression }}>
              {it.Suppression}
            </Link>
          ),
        ],
        [
          t.incident,
          incident && (
            <Link key="incident" to="/incidents/$id" params={{ id: incident }}>
              <Id text={incident.slice(0, 8)} canCopy={false} />
            </Link>
          ),
        ],
      ]}
    />
  )
}

function incidentOf(evidence: unknown): string | undefined {
  const incident = (evidence as { Incident?: unknown } | null | undefined)?.Incident
  return typeof incident === 'string' ? incident : undefined
}

function References({ rule, own }: { rule: Schemas['RuleInfo'] | null; own: string | undefined }) {
  const t = useTexts({ en, ja })
  const links = [...new Set([...(own ? [own] : []), ...(rule?.References ?? [])])]
  if (links.length === 0) return null
  return (
    <Section title={t.references}>
      <ul className={styles.links}>
        {links.map((link) => (
          <li key={link}>
            <External to={link} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
