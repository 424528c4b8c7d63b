// One requirement: which rules answer it and what they found, the answer of each account, and what a person has to do.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { Schemas } from '../../api/client'
import { useRuleTitles } from '../../api/names'
import { Badge } from '../../parts/Badge'
import { ButtonLink } from '../../parts/Button'
import { Card, PageHeader, Section } from '../../parts/Page'
import { Severity } from '../../parts/Severity'
import { Loaded } from '../../parts/States'
import { useLang } from '../../texts'
import { useComplianceTexts } from '../../texts/compliance'
import { useFormats } from '../../texts/format'
import { AnswerWord, answerOrder } from '../compliance/Answer'
import { frameworkQuery, requirementQuery } from '../compliance/queries'
import styles from './Requirement.module.css'

const route = getRouteApi('/signed-in/compliance/$id/$requirement')

type Detail = Schemas['RequirementDetail']

export default function Requirement() {
  const { id, requirement } = route.useParams()
  return <Loaded from={useQuery(requirementQuery(id, requirement))}>{(detail) => <Told of={detail} />}</Loaded>
}

function Told({ of: detail }: { of: Detail }) {
  const t = useComplianceTexts()
  const lang = useLang()
  const format = useFormats()
  const { Requirement: requirement } = detail
  return (
    <>
      <PageHeader
        title={requirement.Title[lang]}
        over={
          <>
            <Link to="/compliance/$id" params={{ id: detail.Framework }} search={{}}>
              {detail.FrameworkName[lang]}
            </Link>
            <span className="numbers">{requirement.Id}</span>
            {typeof requirement.Level === 'number' && (
              <Badge tone="outline">{t.level(format.number(requirement.Level))}</Badge>
            )}
            {requirement.Tags?.map((it) => (
              <Badge key={it} tone="outline">
                {it}
              </Badge>
            ))}
          </>
        }
        under={detail.Answer && <AnswerWord of={detail.Answer} />}
        actions={<Neighbours of={detail} />}
      />
      <div className={styles.layout}>
        <div>
          <Section title={t.rules}>
            {detail.Rules.length === 0 ? (
              <p className={styles.lead}>{t.noRules}</p>
            ) : (
              <Card isPadded={false}>
                <ul className={styles.rules}>
                  {detail.Rules.map((it) => (
                    <ServingRule key={it.Id} of={it} />
                  ))}
                </ul>
              </Card>
            )}
          </Section>
          {requirement.Manual && (
            <Section title={t.manual}>
              <p className={styles.manual}>{requirement.Manual[lang]}</p>
            </Section>
          )}
          <Doubts of={detail.Doubts} />
        </div>
        <div>
          <Section title={t.byAccount}>
            <Accounts of={detail} />
          </Section>
        </div>
      </div>
    </>
  )
}

function Neighbours({ of: detail }: { of: Detail }) {
  const t = useComplianceTexts()
  const all = useQuery(frameworkQuery(detail.Framework)).data?.Framework.Requirements
  const at = all?.findIndex((it) => it.Id === detail.Requirement.Id) ?? -1
  const before = all?.[at - 1]
  const after = at < 0 ? undefined : all?.[at + 1]
  const to = '/compliance/$id/$requirement'
  return (
    <>
      {before && (
        <ButtonLink to={to} params={{ id: detail.Framework, requirement: before.Id }} aria-label={t.previous}>
          <ChevronLeft size={14} aria-hidden="true" />
          {before.Id}
        </ButtonLink>
      )}
      {after && (
        <ButtonLink to={to} params={{ id: detail.Framework, requirement: after.Id }} aria-label={t.next}>
          {after.Id}
          <ChevronRight size={14} aria-hidden="true" />
        </ButtonLink>
      )}
    </>
  )
}

function ServingRule({ of: rule }: { of: Schemas['ServingRule'] }) {
  const t = useComplianceTexts()
  const lang = useLang()
  const format = useFormats()
  const count = (name: Schemas['Answer']) => rule.Evaluations[name] ?? 0
  const bad = count('NON_COMPLIANT')
  const judged = bad + count('COMPLIANT')
  const unknown = count('INSUFFICIENT_DATA')
  return (
    <li className={styles.rule}>
      <div className={styles.ruleHead}>
        {rule.Severity && <Severity of={rule.Severity} look="mark" />}
        <Link to="/rules/$id" params={{ id: rule.Id }}>
          {rule.Title[lang] || rule.Id}
        </Link>
      </div>
      <code className={styles.ruleId}>{rule.Id}</code>
      <div className={styles.ruleFacts}>
        {!rule.Used && <Badge tone="warn">{t.unused}</Badge>}
        {rule.Used && judged === 0 && unknown === 0 && t.nothingJudged}
        {judged > 0 && (
          <span className={bad > 0 ? styles.bad : styles.good}>
            {t.violations(bad, format.number(bad), format.number(judged))}
          </span>
        )}
        {unknown > 0 && <span>{t.unknown(format.number(unknown))}</span>}
        {bad > 0 && (
          <Link to="/findings" search={{ rule: [rule.Id] }}>
            {t.seeFindings}
          </Link>
        )}
      </div>
    </li>
  )
}

function Doubts({ of: doubts }: { of: Schemas['DoubtCount'][] }) {
  const t = useComplianceTexts()
  const format = useFormats()
  const ruleTitle = useRuleTitles()
  if (doubts.length === 0) return null
  return (
    <Section title={t.doubts}>
      <ul className={styles.doubts}>
        {doubts.map((it) => {
          const rule = 'Rule' in it ? it.Rule : undefined
          return (
            <li key={`${it.Kind} ${rule ?? ''}`}>
              {t.doubt[it.Kind]} <span>{t.inAccounts(it.Accounts, format.number(it.Accounts))}</span>
              {rule && (
                <Link to="/rules/$id" params={{ id: rule }} className={styles.doubtful ?? ''}>
                  {ruleTitle(rule) ?? rule}
                </Link>
              )}
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function Accounts({ of: detail }: { of: Detail }) {
  const format = useFormats()
  const violated = detail.Rules.filter((it) => (it.Evaluations.NON_COMPLIANT ?? 0) > 0).map((it) => it.Id)
  return (
    <Card>
      {answerOrder.map((answer) => {
        const accounts = detail.Accounts.filter((it) => it.Answer === answer)
        if (accounts.length === 0) return null
        return (
          <div key={answer} className={styles.answer}>
            <h3>
              <AnswerWord of={answer} />
              <span className="numbers">{format.number(accounts.length)}</span>
            </h3>
            <ul>
              {accounts.map((it) => (
                <li key={it.Account} title={it.Account}>
                  {answer === 'NON_COMPLIANT' ? (
                    <Link to="/findings" search={{ account: [it.Account], rule: violated }}>
                      {it.Name || it.Account}
                    </Link>
                  ) : (
                    <Link to="/accounts/$id" params={{ id: it.Account }}>
                      {it.Name || it.Account}
                    </Link>
                  )}
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </Card>
  )
}
