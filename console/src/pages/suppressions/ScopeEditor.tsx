// Says which findings a suppression means: conditions that must all fit, each a list of which one entry is enough.
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useId, useState } from 'react'
import { useAccountNames } from '../../api/names'
import { accountsQuery, projectsQuery, rulesQuery } from '../../api/queries'
import { Button } from '../../parts/Button'
import { Select } from '../../parts/Field'
import { useLang } from '../../texts'
import { useCommon } from '../../texts/common'
import { useSuppressionTexts } from '../../texts/suppressions'
import { detectors, kinds } from '../findings/search'
import styles from './Suppressions.module.css'
import { type Dimension, dimensions, type Scope } from './scope'

type Props = { scope: Scope; onChange: (scope: Scope) => void }

export function ScopeEditor({ scope, onChange }: Props) {
  const t = useSuppressionTexts()
  const shown = dimensions.filter((it) => scope[it] !== undefined)
  const others = dimensions.filter((it) => scope[it] === undefined)
  const set = (dimension: Dimension, list: string[] | undefined) => {
    const { [dimension]: _, ...rest } = scope
    onChange(list === undefined ? rest : ({ ...rest, [dimension]: list } as Scope))
  }
  return (
    <fieldset className={styles.scope}>
      <legend>{t.scope}</legend>
      {shown.length > 1 && <p className={styles.quiet}>{t.scopeHint}</p>}
      {shown.map((it) => (
        <Condition
          key={it}
          dimension={it}
          list={scope[it] ?? []}
          onChange={(list) => set(it, list)}
          onRemove={() => set(it, undefined)}
        />
      ))}
      {others.length > 0 && (
        <div className={styles.add}>
          <Select
            isBare
            label={t.addDimension}
            value=""
            options={[['', t.addDimension] as const, ...others.map((it) => [it, t.dimensions[it]] as const)]}
            onChange={(it) => it !== '' && set(it as Dimension, [])}
          />
        </div>
      )}
    </fieldset>
  )
}

type ConditionProps = {
  dimension: Dimension
  list: string[]
  onChange: (list: string[]) => void
  onRemove: () => void
}

function Condition({ dimension, list, onChange, onRemove }: ConditionProps) {
  const t = useSuppressionTexts()
  const id = useId()
  const name = useEntryNames()
  const choices = useChoices(dimension)
  const [text, setText] = useState('')
  const isChosen = dimension === 'Kinds' || dimension === 'Detectors'
  const add = (entry: string) => {
    const entries = entry
      .split(/[\n,]+/)
      .map((it) => it.trim())
      .filter((it) => it !== '' && !list.includes(it))
    if (entries.length > 0) onChange([...list, ...entries])
    setText('')
  }
  return (
    <div className={styles.condition}>
      <div className={styles.conditionHead}>
        <span id={id}>{t.dimensions[dimension]}</span>
        <Button isSmall isIcon look="ghost" label={t.removeDimension(t.dimensions[dimension])} onPress={onRemove}>
          <X size={13} />
        </Button>
      </div>
      <div className={styles.entries}>
        {list.map((it) => (
          <span key={it} className={styles.entry}>
            <bdi>{name(dimension, it)}</bdi>
            <button
              type="button"
              aria-label={t.removeEntry(name(dimension, it))}
              onClick={() => onChange(list.filter((one) => one !== it))}
            >
              <X size={12} aria-hidden="true" />
            </button>
          </span>
        ))}
        {isChosen ? (
          <select
            className={styles.input}
            aria-label={t.addEntry(t.dimensions[dimension])}
            value=""
            onChange={(event) => event.target.value !== '' && onChange([...list, event.target.value])}
          >
            <option value="">{t.addEntry(t.dimensions[dimension])}</option>
            {choices
              .filter(([it]) => !list.includes(it))
              .map(([it, words]) => (
                <option key={it} value={it}>
                  {words}
                </option>
              ))}
          </select>
        ) : (
          <>
            <input
              className={styles.input}
              aria-label={t.addEntry(t.dimensions[dimension])}
              placeholder={t.hints[dimension]}
              value={text}
              list={`${id}choices`}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                const { value } = event.target
                // What was chosen of the list is meant at once; what is typed, when it is finished.
                const isPicked = !(event.nativeEvent as InputEvent).inputType
                if (isPicked && choices.some(([it]) => it === value)) add(value)
                else setText(value)
              }}
              onBlur={() => add(text)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') {
                  event.preventDefault()
                  add(text)
                } else if (event.key === 'Backspace' && text === '') onChange(list.slice(0, -1))
              }}
            />
            <datalist id={`${id}choices`}>
              {choices
                .filter(([it]) => !list.includes(it))
                .map(([it, words]) => (
                  <option key={it} value={it}>
                    {words}
                  </option>
                ))}
            </datalist>
          </>
        )}
      </div>
    </div>
  )
}

/** What an entry is called: accounts by name, kinds and detectors in the reader's language. */
export function useEntryNames(): (dimension: Dimension, entry: string) => string {
  const common = useCommon()
  const accountName = useAccountNames()
  return (dimension, entry) => {
    if (dimension === 'Accounts') {
      const known = accountName(entry)
      return known === entry ? entry : `${known} (${entry})`
    }
    if (dimension === 'Kinds') return common.kind[entry as keyof typeof common.kind] ?? entry
    if (dimension === 'Detectors') return common.detector[entry as keyof typeof common.detector] ?? entry
    if (dimension === 'Regions' && entry === 'global') return common.global
    return entry
  }
}

function useChoices(dimension: Dimension): [string, string][] {
  const common = useCommon()
  const lang = useLang()
  const { data: rules = [] } = useQuery({ ...rulesQuery, enabled: dimension === 'Rules' || dimension === 'Types' })
  const { data: accounts = [] } = useQuery(accountsQuery)
  const { data: projects = [] } = useQuery({ ...projectsQuery, enabled: dimension === 'Projects' })
  const plain = (all: (string | undefined)[]) =>
    [...new Set(all)]
      .filter((it): it is string => Boolean(it))
      .sort()
      .map((it): [string, string] => [it, it])
  switch (dimension) {
    case 'Rules':
      return rules.map((it) => [it.Id, it.Title[lang]])
    case 'Types':
      return plain(rules.map((it) => it.Resource))
    case 'Accounts':
      return accounts.map(({ Account: it }) => [it.Id, it.Name ?? it.Id])
    case 'Ou':
      return plain(accounts.map((it) => it.Account.OuPath))
    case 'Regions':
      return plain(['global', ...accounts.flatMap((it) => it.Scan?.Regions ?? [])])
    case 'Projects':
      return plain(projects.map((it) => it.Name))
    case 'Kinds':
      return kinds.map((it) => [it, common.kind[it]])
    case 'Detectors':
      return detectors.map((it) => [it, common.detector[it]])
    default:
      return []
  }
}
