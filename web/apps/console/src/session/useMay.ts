import type { Role } from '@sekisho/wire/states';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/queries';

/** useMay says whether whoever is signed in holds a role, or one of these rights by an own role. The door decides again. */
export function useMay(): (role: Role, ...rights: string[]) => boolean {
  const session = useQuery(sessionQuery);
  const me = session.data?.person;
  return (role, ...rights) => me !== undefined && (me.roles.includes(role) || rights.some((right) => me.rights.includes(right)));
}
