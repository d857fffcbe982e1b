import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { sessionQuery } from '../api/queries';
import { pagesFor } from './pages';
import { Refused } from './Refused';

/** Home goes on to the first screen that this person may use. */
export function Home() {
  const session = useQuery(sessionQuery);
  const roles = session.data?.person?.roles ?? [];
  const first = pagesFor(roles, session.data?.person?.client, session.data?.person?.rights)[0];
  return first ? <Navigate to={first.path} replace /> : <Refused roles={roles} />;
}
