// Numbers, dates and spans of time as the reader writes them, in the reader's time zone.
import { present } from '../app/clock'
import { type Lang, useLang } from './index'

const kept = new Map<string, unknown>()

function once<T>(key: string, make: () => T): T {
  if (!kept.has(key)) kept.set(key, make())
  return kept.get(key) as T
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export function formats(lang: Lang) {
  const tag = lang === 'ja' ? 'ja-JP' : 'en-GB'
  return {
    number: (n: number) => once(`n${tag}`, () => new Intl.NumberFormat(tag)).format(n),
    compact: (n: number) =>
      once(`c${tag}`, () => new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1 })).format(n),
    /** A score or a percentage: always with its decimal, so that columns align. */
    percent: (n: number) =>
      once(`p${tag}`, () => new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 })).format(
        n,
      ),
    /** A difference, with its sign. */
    change: (n: number, digits = 1) =>
      once(
        `h${tag}${digits}`,
        () =>
          new Intl.NumberFormat(tag, {
            minimumFractionDigits: digits,
            maximumFractionDigits: digits,
            signDisplay: 'exceptZero',
          }),
      ).format(n),
    short: (at: string) =>
      once(`o${tag}`, () => new Intl.DateTimeFormat(tag, { month: 'short', day: 'numeric' })).format(new Date(at)),
    day: (at: string) =>
      once(`d${tag}`, () => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })).format(new Date(at)),
    moment: (at: string) =>
      once(`m${tag}`, () => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' })).format(
        new Date(at),
      ),
    exact: (at: string) =>
      once(`e${tag}`, () => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'long' })).format(
        new Date(at),
      ),
    clock: (at: string) =>
      once(`t${tag}`, () => new Intl.DateTimeFormat(tag, { timeStyle: 'medium' })).format(new Date(at)),
    ago: (at: string, now: number = present()) => {
      const seconds = (new Date(at).getTime() - now) / 1000
      const relative = (style: 'short' | 'long') =>
        once(`r${tag}${style}`, () => new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style }))
      for (const [unit, size] of units) {
        if (Math.abs(seconds) < size) continue
        // "last month", not "last mo."; "25 min ago", not "25 minutes ago".
        return relative(size < 86_400 ? 'short' : 'long').format(Math.trunc(seconds / size), unit)
      }
      return relative('short').format(0, 'second')
    },
    list: (names: string[]) =>
      once(`l${tag}`, () => new Intl.ListFormat(tag, { type: 'conjunction', style: 'narrow' })).format(names),
    sort: once(`s${tag}`, () => new Intl.Collator(tag, { numeric: true })).compare,
  }
}

export type Formats = ReturnType<typeof formats>

export function useFormats(): Formats {
  return formats(useLang())
}
