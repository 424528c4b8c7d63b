// Which language the console speaks, and how components get their words.
//
// A page has one file of words in `en/` (its type is the contract) and one in `ja/`; a word that is missing does not
// compile. Words with numbers or names in them are functions, so that each language orders its own sentence.
import { useSyncExternalStore } from 'react'

export type Lang = 'en' | 'ja'

/** The same words in another language: texts stay texts, functions take the same arguments. */
export type Words<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : T[K] extends string
      ? string
      : Words<T[K]>
}

export type Pair<T> = { en: T; ja: Words<T> }

const stored = 'yagura.lang'
const watchers = new Set<() => void>()

function first(): Lang {
  const kept = localStorage.getItem(stored)
  if (kept === 'en' || kept === 'ja') return kept
  return navigator.language.toLowerCase().startsWith('ja') ? 'ja' : 'en'
}

let lang: Lang = first()
document.documentElement.lang = lang

export function currentLang(): Lang {
  return lang
}

export function setLang(next: Lang) {
  lang = next
  localStorage.setItem(stored, next)
  document.documentElement.lang = next
  for (const tell of watchers) tell()
}

function watch(tell: () => void) {
  watchers.add(tell)
  return () => watchers.delete(tell)
}

export function useLang(): Lang {
  return useSyncExternalStore(watch, currentLang)
}

/** The words of a page in the language of the moment. */
export function useTexts<T>(pair: Pair<T>): Words<T> {
  return useLang() === 'ja' ? pair.ja : (pair.en as Words<T>)
}
