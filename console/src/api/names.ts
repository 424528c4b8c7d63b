// How findings, accounts and rules are called on every page.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useLang } from '../texts'
import type { Schemas } from './client'
import { accountsQuery, rulesQuery } from './queries'

/** Titles of rules by their id, in the reader's language. */
export function useRuleTitles(): (rule: string) => string | undefined {
  const { data } = useQuery(rulesQuery)
  const lang = useLang()
  return useMemo(() => {
    const titles = new Map(data?.map((rule) => [rule.Id, rule.Title[lang]]))
    return (rule: string) => titles.get(rule)
  }, [data, lang])
}

/** What is wrong, in one line: as our rule says it, or else the detector; the rule's id where neither does. */
export function useFindingTitle(): (finding: Schemas['Finding']) => string {
  const titles = useRuleTitles()
  return (finding) => titles(finding.Rule) || finding.Text?.Title || finding.Rule
}

/** Names of accounts by their id. */
export function useAccountNames(): (account: string) => string {
  const { data } = useQuery(accountsQuery)
  return useMemo(() => {
    const names = new Map(data?.map((it) => [it.Account.Id, it.Account.Name ?? '']))
    return (account: string) => names.get(account) || account
  }, [data])
}

/** What a resource is called: its name, or the last part of its id where it has none. */
export function resourceName(finding: Schemas['Finding']): string {
  return finding.Name || finding.Resource.Id
}

/** `EC2::SecurityGroup` of `AWS::EC2::SecurityGroup`: what tells types apart where there is little room. */
export function shortType(type: string): string {
  return type.replace(/^AWS::(::)?/, '')
}
