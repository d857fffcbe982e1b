import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/queries';

/** useMayDraw says whether who is signed in may change call flows. */
export function useMayDraw(): boolean {
  const roles = useQuery(sessionQuery).data?.person?.roles ?? [];
  return roles.includes('administrator') || roles.includes('supervisor');
}
