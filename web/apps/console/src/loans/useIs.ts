import type { Role } from '@sekisho/wire/states';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/queries';

/** useIs says whether whoever is signed in holds one of these roles. It is only a kindness: the door decides again. */
export function useIs(...roles: Role[]): boolean {
  const session = useQuery(sessionQuery);
  return session.data?.person?.roles.some((role) => roles.includes(role)) ?? false;
}
