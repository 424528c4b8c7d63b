// The words of rules, which the list and the page of one use.
import { rules as en } from './en/rules'
import { useTexts, type Words } from './index'
import { rules as ja } from './ja/rules'

export function useRuleTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
