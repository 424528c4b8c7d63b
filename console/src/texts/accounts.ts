// The words of accounts and projects, which the list and the page of one use.
import { accounts as en } from './en/accounts'
import { useTexts, type Words } from './index'
import { accounts as ja } from './ja/accounts'

export function useAccountTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
