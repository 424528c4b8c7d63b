// The know-how page of a rule: why it matters, how to put it right, what that may break, and what is open; and the
// rule tried on a resource.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { answer, client, type Schemas } from '../../api/client'
import { useAccountNames } from '../../api/names'
import { Badge } from '../../parts/Badge'
import { ButtonLink } from '../../parts/Button'
import { Code } from '../../parts/Code'
import { External } from '../../parts/External'
import { Card, Facts, PageHeader, Section } from '../../parts/Page'
import { Severity, SeverityCounts } from '../../parts/Severity'
import { Loaded } from '../../parts/States'
import { Tabs } from '../../parts/Tabs'
import { useLang } from '../../texts'
import { useCommon } from '../../texts/common'
import { useExplanationTexts } from '../../texts/explanation'
import { useFormats } from '../../texts/format'
import { useRuleTexts } from '../../texts/rules'
import styles from '../finding/Finding.module.css'
import { Requirements } from '../finding/Requirements'
import { countsQuery } from '../findings/queries'
import { tabs } from './search'
import { Try } from './Try'

const route = getRouteApi('/signed-in/rules/$id')

function ruleQuery(id: string) {
  return queryOptions({
    queryKey: ['rule', id],
    staleTime: 60 * 60_000,
    queryFn: () => answer(client.GET('/api/rules/{id}', { params: { path: { id } } })),
  })
}

export default function Rule() {
  const { id } = route.useParams()
  return <Loaded from={useQuery(ruleQuery(id))}>{(rule) => <Told of={rule} />}</Loaded>
}

function Told({ of: rule }: { of: Schemas['RuleDetail'] }) {
  const { tab = 'about' } = route.useSearch()
  const tried = useExplanationTexts()
  const t = useRuleTexts()
  const lang = useLang()
  const text = rule.Text[lang]
  return (
    <>
      <PageHeader
        title={text.title || rule.Id}
        over={
          <>
            <Severity of={rule.Severity} look="badge" />
            {rule.IsOff && (
              <Badge tone="outline" title={tried.isOffHint}>
                {tried.isOff}
              </Badge>
            )}
          </>
        }
        under={<code>{rule.Id}</code>}
        actions={
          <ButtonLink to="/findings" search={{ rule: [rule.Id] }} look="primary">
            {t.seeFindings}
          </ButtonLink>
        }
      />
      {!rule.IsDetection && (
        <Tabs label={tried.parts} tabs={tabs.map((id) => ({ id, name: tried.tabs[id] }))} current={tab} />
      )}
      <div className={styles.layout}>
        {tab === 'try' && !rule.IsDetection ? (
          <div>
            <Try rule={rule} />
          </div>
        ) : (
          <About of={rule} />
        )}
        <Side of={rule} />
      </div>
    </>
  )
}

function About({ of: rule }: { of: Schemas['RuleDetail'] }) {
  const t = useRuleTexts()
  const lang = useLang()
  const tried = useExplanationTexts()
  const text = rule.Text[lang]
  const steps = rule.Fix.steps[lang]
  return (
    <div>
      {rule.IsOff && (
        <Section title={tried.isOff}>
          <p className={styles.text}>{tried.isOffHint}</p>
        </Section>
      )}
      {text.why && (
        <Section title={t.why}>
          <p className={styles.text}>{text.why}</p>
        </Section>
      )}
      {steps.length > 0 && (
        <Section title={t.steps}>
          <ol className={styles.steps}>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          {rule.Fix.cli && <Code text={rule.Fix.cli} />}
          {rule.Fix.repair && <p className={styles.text}>{t.repair(rule.Fix.repair)}</p>}
        </Section>
      )}
      {text.impact_of_fix && (
        <Section title={t.impact}>
          <p className={styles.caution}>{text.impact_of_fix}</p>
        </Section>
      )}
      {rule.References.length > 0 && (
        <Section title={t.references}>
          <ul className={styles.links}>
            {rule.References.map((link) => (
              <li key={link}>
                <External to={link} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {rule.Requirements.length > 0 && (
        <Section title={tried.requirements}>
          <Requirements of={rule.Requirements} />
        </Section>
      )}
    </div>
  )
}

function Side({ of: rule }: { of: Schemas['RuleDetail'] }) {
  const t = useRuleTexts()
  const common = useCommon()
  return (
    <div className={styles.side}>
      <Card>
        <Facts
          of={[
            [t.judges, rule.Resource],
            [t.function, common.csf[rule.Function]],
            [t['aws-config'], rule.Aliases['aws-config']?.join(', ')],
            [t['security-hub'], rule.Aliases['security-hub']?.join(', ')],
            [t.prowler, rule.Aliases.prowler?.join(', ')],
          ]}
        />
      </Card>
      {!rule.IsDetection && (
        <Card>
          <Parameters of={rule.Parameters} />
        </Card>
      )}
      <Open rule={rule.Id} />
    </div>
  )
}

function Parameters({ of }: { of: object }) {
  const t = useExplanationTexts()
  const parameters = Object.entries(of)
  return (
    <Section title={t.parameters}>
      {parameters.length === 0 ? (
        <p className={styles.parameters}>{t.noParameters}</p>
      ) : (
        <dl className={styles.parameters}>
          {parameters.map(([name, value]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <code>{JSON.stringify(value)}</code>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  )
}

function Open({ rule }: { rule: string }) {
  const t = useRuleTexts()
  const common = useCommon()
  const format = useFormats()
  const accountName = useAccountNames()
  const { data } = useQuery(countsQuery({ rule: [rule] }))
  if (!data) return null
  return (
    <Card>
      <Section title={t.openFindings}>
        {data.Total === 0 ? (
          t.openNone
        ) : (
          <>
            <p className={styles.amount}>{common.findingCount(data.Total, format.number(data.Total))}</p>
            <ul className={styles.links}>
              {data.Accounts.slice(0, 8).map((it) => (
                <li key={it.Id} style={{ display: 'flex', justifyContent: 'space-between', gap: '0.75rem' }}>
                  <Link to="/findings" search={{ rule: [rule], account: [it.Id] }}>
                    {it.Name || accountName(it.Id)}
                  </Link>
                  <SeverityCounts of={it.Severities} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Section>
    </Card>
  )
}
