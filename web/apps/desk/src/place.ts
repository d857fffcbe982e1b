import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Seat } from './seat';
import type { Workplace } from './workplace';

/** WorkplaceContext hands the one workplace of the page to its screens. */
export const WorkplaceContext = createContext<Workplace | null>(null);

export function useWorkplace(): Workplace {
  const workplace = useContext(WorkplaceContext);
  if (!workplace) throw new Error('desk: no workplace around this screen');
  return workplace;
}

/** useSeat re-renders with every change of the seat. */
export function useSeat(): Seat {
  const workplace = useWorkplace();
  return useSyncExternalStore(workplace.subscribe, workplace.current);
}
