// What the address of the inventory says at the moment.
import { getRouteApi } from '@tanstack/react-router'
import type { InventorySearch } from './search'

const route = getRouteApi('/signed-in/inventory')

export function useInventorySearch(): InventorySearch {
  return route.useSearch()
}
