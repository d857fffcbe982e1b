import type { Role } from '@sekisho/wire/states';
import type { shellTexts } from './texts';

/** Page names a screen; the path is its hash route. */
export type PageName = 'floor' | 'approvals' | 'incidents' | 'devices' | 'attestation' | 'people' | 'desktops' | 'policies' | 'training' | 'posture' | 'audit' | 'reports';

export type PageEntry = { name: PageName; path: `/${PageName}`; label: keyof (typeof shellTexts)['messages']; roles: readonly Role[]; group: 'now' | 'define' | 'check' };

/**
 * pages says who is shown which screen, in the order of the navigation. It is
 * only a kindness: the door decides again, route by route (access.go).
 */
export const pages: readonly PageEntry[] = [
  { name: 'floor', path: '/floor', label: 'page.floor', roles: ['supervisor'], group: 'now' },
  { name: 'approvals', path: '/approvals', label: 'page.approvals', roles: ['supervisor', 'administrator'], group: 'now' },
  { name: 'incidents', path: '/incidents', label: 'page.incidents', roles: ['supervisor', 'officer', 'auditor'], group: 'now' },
  { name: 'devices', path: '/devices', label: 'page.devices', roles: ['administrator'], group: 'define' },
  { name: 'attestation', path: '/attestation', label: 'page.attestation', roles: ['administrator', 'auditor'], group: 'define' },
  { name: 'people', path: '/people', label: 'page.people', roles: ['administrator'], group: 'define' },
  { name: 'desktops', path: '/desktops', label: 'page.desktops', roles: ['administrator'], group: 'define' },
  { name: 'policies', path: '/policies', label: 'page.policies', roles: ['administrator', 'officer', 'auditor'], group: 'define' },
  { name: 'training', path: '/training', label: 'page.training', roles: ['supervisor', 'administrator', 'auditor'], group: 'define' },
  { name: 'posture', path: '/posture', label: 'page.posture', roles: ['administrator', 'officer', 'auditor'], group: 'define' },
  { name: 'audit', path: '/audit', label: 'page.audit', roles: ['officer', 'auditor'], group: 'check' },
  { name: 'reports', path: '/reports', label: 'page.reports', roles: ['officer', 'auditor'], group: 'check' },
];

/** pagesFor lists what somebody with these roles is shown. */
export function pagesFor(roles: readonly Role[]): PageEntry[] {
  return pages.filter((page) => page.roles.some((role) => roles.includes(role)));
}

/** mayOpen says whether a path belongs to a screen that these roles are shown. */
export function mayOpen(path: string, roles: readonly Role[]): boolean {
  const page = pages.find((entry) => path === entry.path || path.startsWith(`${entry.path}/`));
  return page === undefined || page.roles.some((role) => roles.includes(role));
}
