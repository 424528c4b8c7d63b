// The know-how page of a rule: why it matters, how to put it right, what that may break, and what is open.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { answer, client, type Schemas } from '../../api/client'
import { useAccountNames } from '../../api/names'
import { ButtonLink } from '../../parts/Button'
import { Code } from '../../parts/Code'
import { External } from '../../parts/External'
import { Card, Facts, PageHeader, Section } from '../../parts/Page'
import { Severity, SeverityCounts } from '../../parts/Severity'
import { Loaded } from '../../parts/States'
import { useLang } from '../../texts'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { useRuleTexts } from '../../texts/rules'
import styles from '../finding/Finding.module.css'
import { countsQuery } from '../findings/queries'

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

function Told({ of: rule }: { of: Schemas['RuleInfo'] }) {
  const t = useRuleTexts()
  const common = useCommon()
  const lang = useLang()
  const text = rule.Text[lang]
  const steps = rule.Fix.steps[lang]
  return (
    <>
      <PageHeader
        title={text.title || rule.Id}
        over={<Severity of={rule.Severity} look="badge" />}
        under={<code>{rule.Id}</code>}
        actions={
          <ButtonLink to="/findings" search={{ rule: [rule.Id] }} look="primary">
            {t.seeFindings}
          </ButtonLink>
        }
      />
      <div className={styles.layout}>
        <div>
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
        </div>
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
          <Open rule={rule.Id} />
        </div>
      </div>
    </>
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
