// A rule, tried on a resource: what it answers, and how it comes to that.
import { queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { PowerOff } from 'lucide-react'
import { useState } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { shortType, useAccountNames } from '../../api/names'
import { type KeySearch, keyText, lineName } from '../../api/resources'
import { Badge, type Tone } from '../../parts/Badge'
import { ButtonLink } from '../../parts/Button'
import { Json } from '../../parts/Code'
import { SearchField } from '../../parts/Field'
import { Card, Section } from '../../parts/Page'
import { Severity } from '../../parts/Severity'
import { Empty, Loaded } from '../../parts/States'
import { useTexts } from '../../texts'
import { useCommon } from '../../texts/common'
import { coverage as en } from '../../texts/en/coverage'
import { useExplanationTexts } from '../../texts/explanation'
import { useFormats } from '../../texts/format'
import { coverage as ja } from '../../texts/ja/coverage'
import { resourcesQuery } from '../inventory/queries'
import { Conditions } from './Conditions'
import { trySearch } from './search'
import styles from './Try.module.css'

const route = getRouteApi('/signed-in/rules/$id')
const tones: Record<Schemas['Outcome'], Tone> = {
  COMPLIANT: 'good',
  NON_COMPLIANT: 'bad',
  NOT_APPLICABLE: 'quiet',
  INSUFFICIENT_DATA: 'warn',
}

function explanationQuery(rule: string, key: KeySearch) {
  return queryOptions({
    queryKey: ['rule', rule, 'explanation', key],
    queryFn: () =>
      answer(client.GET('/api/rules/{id}/explanation', { params: { path: { id: rule }, query: key as never } })),
  })
}

export function Try({ rule }: { rule: Schemas['RuleDetail'] }) {
  const t = useExplanationTexts()
  const { account, region, type, resource } = route.useSearch()
  if (rule.IsOff) {
    return (
      <Empty icon={PowerOff} title={t.isOff}>
        {t.isOffHint}
      </Empty>
    )
  }
  if (!account || !region || !type || !resource) return <Picker rule={rule} />
  return <Answer rule={rule.Id} by={{ account, region, type, id: resource }} />
}

function Picker({ rule }: { rule: Schemas['RuleDetail'] }) {
  const t = useExplanationTexts()
  const common = useCommon()
  const format = useFormats()
  const accountName = useAccountNames()
  const [text, setText] = useState('')
  const asked = useInfiniteQuery(resourcesQuery({ type: [rule.Resource], ...(text === '' ? {} : { text }) }))
  return (
    <Section title={t.chooseLabel(shortType(rule.Resource))}>
      <p className={styles.lead}>{t.lead}</p>
      <div className={styles.search}>
        <SearchField label={t.search} value={text} onChange={setText} />
      </div>
      <Loaded from={asked}>
        {(data) => {
          const lines = data.pages.flatMap((it) => it.Resources)
          if (lines.length === 0) return <p className={styles.quiet}>{text === '' ? t.none : t.noneFound}</p>
          return (
            <Card isPadded={false}>
              <ul className={styles.resources}>
                {lines.slice(0, 30).map((it) => (
                  <li key={keyText(it.Key)}>
                    <Link to="/rules/$id" params={{ id: rule.Id }} search={trySearch(it.Key)}>
                      <span className={styles.name}>{lineName(it)}</span>
                      <span className={styles.quiet}>
                        {accountName(it.Key.Account)} · {it.Key.Region === 'global' ? common.global : it.Key.Region}
                      </span>
                    </Link>
                  </li>
                ))}
                {(lines.length > 30 || asked.hasNextPage) && (
                  <li className={`${styles.quiet} ${styles.more}`}>
                    {t.more} {!asked.hasNextPage && t.found(format.number(lines.length))}
                  </li>
                )}
              </ul>
            </Card>
          )
        }}
      </Loaded>
    </Section>
  )
}

function Answer({ rule, by }: { rule: string; by: KeySearch }) {
  const t = useExplanationTexts()
  return (
    <>
      <div className={styles.actions}>
        <ButtonLink to="/rules/$id" params={{ id: rule }} search={{ tab: 'try' }} isSmall>
          {t.another}
        </ButtonLink>
        <ButtonLink to="/inventory/resource" search={by} isSmall>
          {t.seeResource}
        </ButtonLink>
      </div>
      <Loaded from={useQuery(explanationQuery(rule, by))}>{(tried) => <Tried of={tried} by={by} />}</Loaded>
    </>
  )
}

function Tried({ of: { Evaluation: it, Conditions: conditions }, by }: { of: Schemas['Tried']; by: KeySearch }) {
  const t = useExplanationTexts()
  const accountName = useAccountNames()
  const shown = conditions.filter((one) => one.Label !== 'evidence')
  return (
    <>
      <Card>
        <div className={styles.answer}>
          <Badge tone={tones[it.Outcome]}>{t.outcomes[it.Outcome]}</Badge>
          {it.Outcome === 'NON_COMPLIANT' && <Severity of={it.Severity} />}
          <strong className={styles.name}>{it.Name || by.id}</strong>
          <span className={styles.quiet}>
            {accountName(by.account)} · {by.region}
          </span>
        </div>
        <p className={styles.meaning}>{t.meanings[it.Outcome]}</p>
        {it.Reason && <Why of={it.Reason} />}
      </Card>
      <Section title={t.conditions}>
        <Conditions of={shown} />
      </Section>
      {it.Evidence !== undefined && it.Evidence !== null && (
        <Section title={t.evidence}>
          <Json of={it.Evidence} />
        </Section>
      )}
    </>
  )
}

/** Why an answer is neither a pass nor a violation. */
export function Why({ of: it }: { of: Schemas['Reason'] }) {
  const t = useExplanationTexts()
  const { reasons } = useTexts({ en, ja })
  return (
    <div className={styles.why}>
      <span>{t.reason[it.Kind]}</span>
      {it.Kind === 'MISSING_FIELD' && <code>{it.Field}</code>}
      {it.Kind === 'UNDECIDABLE' && <span>{it.What}</span>}
      {it.Kind === 'RULE_FAILED' && <span>{it.Error}</span>}
      {it.Kind === 'EXCEPTED' && <span>{t.excepted(it.By, it.Because)}</span>}
      {it.Kind === 'UNREAD' && (
        <ul>
          {it.Gaps.map((gap) => (
            <li key={`${gap.Region} ${gap.Call}`}>
              <code>{gap.Call}</code> ({gap.Region}): {reasons[gap.Status]}{' '}
              {'Permission' in gap && <code>{gap.Permission}</code>}
              {'Code' in gap && <code>{gap.Code}</code>}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
