import type { Role } from '@sekisho/wire/states';
import type { shellTexts } from './texts';

/** Page names a screen; the path is its hash route. */
export type PageName = 'floor' | 'approvals' | 'disaster' | 'incidents' | 'refusals' | 'devices' | 'attestation' | 'people' | 'clients' | 'desktops' | 'rules' | 'policies' | 'training' | 'posture' | 'networks' | 'audit' | 'reports';

export type PageEntry = { name: PageName; path: `/${PageName}`; label: keyof (typeof shellTexts)['messages']; roles: readonly Role[]; group: 'now' | 'define' | 'check'; client?: boolean };

/**
 * pages says who is shown which screen, in the order of the navigation; client
 * marks those that a client company's own auditor is shown too. It is
 * only a kindness: the door decides again, route by route (access.go).
 */
export const pages: readonly PageEntry[] = [
  { name: 'floor', path: '/floor', label: 'page.floor', roles: ['supervisor'], group: 'now' },
  { name: 'approvals', path: '/approvals', label: 'page.approvals', roles: ['supervisor', 'administrator', 'officer', 'auditor'], group: 'now' },
  { name: 'disaster', path: '/disaster', label: 'page.disaster', roles: ['supervisor', 'administrator', 'officer', 'auditor'], group: 'now' },
  { name: 'incidents', path: '/incidents', label: 'page.incidents', roles: ['supervisor', 'officer', 'auditor'], group: 'now', client: true },
  { name: 'refusals', path: '/refusals', label: 'page.refusals', roles: ['supervisor', 'administrator'], group: 'now' },
  { name: 'devices', path: '/devices', label: 'page.devices', roles: ['administrator'], group: 'define' },
  { name: 'attestation', path: '/attestation', label: 'page.attestation', roles: ['administrator', 'auditor'], group: 'define' },
  { name: 'people', path: '/people', label: 'page.people', roles: ['administrator'], group: 'define' },
  { name: 'clients', path: '/clients', label: 'page.clients', roles: ['administrator', 'auditor'], group: 'define', client: true },
  { name: 'desktops', path: '/desktops', label: 'page.desktops', roles: ['administrator'], group: 'define' },
  { name: 'rules', path: '/rules', label: 'page.rules', roles: ['administrator', 'officer', 'auditor'], group: 'define' },
  { name: 'policies', path: '/policies', label: 'page.policies', roles: ['administrator', 'officer', 'auditor'], group: 'define' },
  { name: 'training', path: '/training', label: 'page.training', roles: ['supervisor', 'administrator', 'auditor'], group: 'define' },
  { name: 'posture', path: '/posture', label: 'page.posture', roles: ['administrator', 'officer', 'auditor'], group: 'define' },
  { name: 'networks', path: '/networks', label: 'page.networks', roles: ['administrator', 'officer', 'auditor'], group: 'define' },
  { name: 'audit', path: '/audit', label: 'page.audit', roles: ['officer', 'auditor'], group: 'check', client: true },
  { name: 'reports', path: '/reports', label: 'page.reports', roles: ['officer', 'auditor'], group: 'check' },
];

/** pagesFor lists what somebody with these roles is shown; client is whose auditor he is, '' for the centre's own people. */
export function pagesFor(roles: readonly Role[], client = ''): PageEntry[] {
  return pages.filter((page) => shown(page, roles, client));
}

function shown(page: PageEntry, roles: readonly Role[], client: string): boolean {
  return (client === '' || page.client === true) && page.roles.some((role) => roles.includes(role));
}

/** mayOpen says whether a path belongs to a screen that these roles are shown. */
export function mayOpen(path: string, roles: readonly Role[], client = ''): boolean {
  const page = pages.find((entry) => path === entry.path || path.startsWith(`${entry.path}/`));
  return page === undefined || shown(page, roles, client);
}
