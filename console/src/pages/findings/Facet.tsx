// One group of boxes to narrow the list by, with how many findings each leaves.
import { useState } from 'react'
import { useFindingsTexts } from '../../texts/findings'
import { useFormats } from '../../texts/format'
import styles from './Facets.module.css'

export type Choice = { id: string; name: string; count?: number | undefined }

type Props = {
  name: string
  choices: readonly Choice[]
  chosen: readonly string[]
  onChange: (chosen: string[] | undefined) => void
  /** One at most: pressing it again takes it away. */
  isSingle?: boolean
}

const few = 6

export function Facet({ name, choices, chosen, onChange, isSingle }: Props) {
  const t = useFindingsTexts()
  const format = useFormats()
  const [isLong, setLong] = useState(false)
  const [text, setText] = useState('')
  // What is chosen stays in sight, also where nothing is left of it.
  const missing = chosen
    .filter((id) => !choices.some((it) => it.id === id))
    .map((id): Choice => ({ id, name: id, count: 0 }))
  const all = [...missing, ...choices]
  if (all.length === 0) return null
  const found = all.filter((it) => `${it.name} ${it.id}`.toLowerCase().includes(text.toLowerCase()))
  const shown = isLong ? found.slice(0, 60) : found.filter((it, at) => at < few || chosen.includes(it.id))
  const toggle = (id: string) => {
    const isChosen = chosen.includes(id)
    const rest = isSingle ? [] : chosen.filter((it) => it !== id)
    const next = isChosen ? rest.filter((it) => it !== id) : [...rest, id]
    onChange(next.length > 0 ? next : undefined)
  }
  return (
    <fieldset className={styles.facet}>
      <legend className={styles.name}>{name}</legend>
      {isLong && all.length > 12 && (
        <input
          className={styles.find}
          aria-label={t.find(name)}
          placeholder={t.find(name)}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {shown.map((it) => (
        <label key={it.id} className={styles.option} title={it.name}>
          <input type="checkbox" checked={chosen.includes(it.id)} onChange={() => toggle(it.id)} />
          <span className={styles.word}>{it.name}</span>
          {it.count !== undefined && <span className={styles.count}>{format.number(it.count)}</span>}
        </label>
      ))}
      {all.length > few && (
        <button type="button" className={styles.more} onClick={() => setLong(!isLong)}>
          {isLong ? t.showLess : t.showMore(format.number(all.length - few))}
        </button>
      )}
    </fieldset>
  )
}
