// What can be filled in. Native controls: they are reachable, translated and familiar on every device.
import { Search } from 'lucide-react'
import { type InputHTMLAttributes, type ReactNode, useEffect, useId, useState } from 'react'
import { useCommon } from '../texts/common'
import { Button } from './Button'
import styles from './Field.module.css'

type Base = { label: string; hint?: ReactNode }

type TextProps = Base &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value' | 'id'> & {
    value: string
    onChange: (value: string) => void
  }

export function TextField({ label, hint, value, onChange, ...rest }: TextProps) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        {...rest}
        id={id}
        className={styles.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={hint ? `${id}hint` : undefined}
      />
      {hint && (
        <span id={`${id}hint`} className={styles.hint}>
          {hint}
        </span>
      )}
    </div>
  )
}

type AreaProps = Base & { value: string; onChange: (value: string) => void; rows?: number; required?: boolean }

export function TextArea({ label, hint, value, onChange, rows = 3, required }: AreaProps) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <textarea
        id={id}
        className={styles.input}
        rows={rows}
        value={value}
        required={required}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && <span className={styles.hint}>{hint}</span>}
    </div>
  )
}

type SelectProps<T extends string> = Base & {
  value: T
  options: readonly (readonly [T, string])[]
  onChange: (value: T) => void
  /** The label is spoken only: for toolbars, where the value says enough. */
  isBare?: boolean
}

export function Select<T extends string>({ label, hint, value, options, onChange, isBare }: SelectProps<T>) {
  const id = useId()
  return (
    <div className={`${styles.field} ${isBare ? styles.bare : ''}`}>
      <label className={isBare ? 'hidden-visually' : styles.label} htmlFor={id}>
        {label}
      </label>
      <select id={id} className={styles.input} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      {hint && <span className={styles.hint}>{hint}</span>}
    </div>
  )
}

export function Check({
  label,
  value,
  onChange,
}: {
  label: ReactNode
  value: boolean
  onChange: (value: boolean) => void
}) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

type SearchProps = { label: string; value: string; onChange: (value: string) => void }

/** The search of a page: `/` leads to it, and it asks when the writer pauses. */
export function SearchField({ label, value, onChange }: SearchProps) {
  const t = useCommon()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), 250)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <search className={styles.search}>
      <Search size={14} aria-hidden="true" />
      <input
        type="search"
        className={styles.input}
        aria-label={label}
        placeholder={label}
        title={t.search}
        value={text}
        data-page-search=""
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange(text)
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </search>
  )
}

export function Form({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
    </form>
  )
}

export function FormButtons({ children }: { children: ReactNode }) {
  return <div className={styles.row}>{children}</div>
}

/** The end of a form in a dialog. */
export function CancelOrSend({ onCancel, send, isBusy }: { onCancel: () => void; send: string; isBusy: boolean }) {
  const t = useCommon()
  return (
    <FormButtons>
      <Button onPress={onCancel}>{t.cancel}</Button>
      <Button type="submit" look="primary" isBusy={isBusy}>
        {send}
      </Button>
    </FormButtons>
  )
}
