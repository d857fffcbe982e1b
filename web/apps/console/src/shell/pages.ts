import type { Role } from '@sekisho/wire/states';
import type { shellTexts } from './texts';

/** Page names a screen; the path is its hash route. */
export type PageName = 'floor' | 'approvals' | 'disaster' | 'incidents' | 'refusals' | 'devices' | 'loans' | 'pools' | 'attestation' | 'people' | 'clients' | 'desktops' | 'rules' | 'policies' | 'training' | 'posture' | 'networks' | 'roles' | 'shifts' | 'readiness' | 'audit' | 'reports' | 'trunks' | 'queues' | 'skills' | 'calls' | 'callreports' | 'recordings'
  | 'flows';

export type PageEntry = { name: PageName; path: `/${PageName}`; label: keyof (typeof shellTexts)['messages']; roles: readonly Role[]; group: 'now' | 'telephone' | 'define' | 'check'; client?: boolean; rights?: readonly string[] };

/**
 * pages says who is shown which screen, in the order of the navigation; client
 * marks those that a client company's own auditor is shown too. It is
 * only a kindness: the door decides again, route by route (access.go).
 */
export const pages: readonly PageEntry[] = [
  { name: 'floor', path: '/floor', label: 'page.floor', roles: ['supervisor'], group: 'now', rights: ['floor.watch', 'floor.close'] },
  { name: 'approvals', path: '/approvals', label: 'page.approvals', roles: ['supervisor', 'administrator', 'officer', 'auditor'], group: 'now' },
  { name: 'disaster', path: '/disaster', label: 'page.disaster', roles: ['supervisor', 'administrator', 'officer', 'auditor'], group: 'now' },
  { name: 'incidents', path: '/incidents', label: 'page.incidents', roles: ['supervisor', 'officer', 'auditor'], group: 'now', client: true, rights: ['incidents.list', 'incidents.read', 'evidence.hold', 'evidence.fetch'] },
  { name: 'readiness', path: '/readiness', label: 'page.readiness', roles: ['supervisor', 'administrator', 'officer', 'auditor'], group: 'now', client: true },
  { name: 'shifts', path: '/shifts', label: 'page.shifts', roles: ['supervisor', 'administrator'], group: 'now', rights: ['shifts.read', 'shifts.manage'] },
  { name: 'refusals', path: '/refusals', label: 'page.refusals', roles: ['supervisor', 'administrator'], group: 'now', rights: ['refusals.read'] },
  { name: 'calls', path: '/calls', label: 'page.calls', roles: ['supervisor', 'administrator'], group: 'telephone' },
  { name: 'recordings', path: '/recordings', label: 'page.recordings', roles: ['supervisor', 'administrator', 'officer', 'auditor'], group: 'telephone', client: true },
  { name: 'callreports', path: '/callreports', label: 'page.callreports', roles: ['supervisor', 'administrator'], group: 'telephone' },
  { name: 'queues', path: '/queues', label: 'page.queues', roles: ['supervisor', 'administrator', 'auditor'], group: 'telephone' },
  { name: 'skills', path: '/skills', label: 'page.skills', roles: ['supervisor', 'administrator', 'auditor'], group: 'telephone' },
  { name: 'flows', path: '/flows', label: 'page.flows', roles: ['supervisor', 'administrator', 'auditor'], group: 'telephone' },
  { name: 'trunks', path: '/trunks', label: 'page.trunks', roles: ['administrator', 'auditor'], group: 'telephone' },
  { name: 'devices', path: '/devices', label: 'page.devices', roles: ['administrator'], group: 'define', rights: ['devices.read', 'devices.manage'] },
  { name: 'loans', path: '/loans', label: 'page.loans', roles: ['supervisor', 'administrator', 'auditor'], group: 'define', rights: ['devices.read', 'devices.manage'] },
  { name: 'pools', path: '/pools', label: 'page.pools', roles: ['supervisor', 'administrator', 'auditor'], group: 'define' },
  { name: 'attestation', path: '/attestation', label: 'page.attestation', roles: ['administrator', 'auditor'], group: 'define', rights: ['settings.read'] },
  { name: 'people', path: '/people', label: 'page.people', roles: ['administrator'], group: 'define', rights: ['people.read', 'people.manage'] },
  { name: 'clients', path: '/clients', label: 'page.clients', roles: ['administrator', 'auditor'], group: 'define', client: true, rights: ['clients.read', 'clients.manage'] },
  { name: 'desktops', path: '/desktops', label: 'page.desktops', roles: ['administrator'], group: 'define', rights: ['desktops.manage'] },
  { name: 'rules', path: '/rules', label: 'page.rules', roles: ['administrator', 'officer', 'auditor'], group: 'define', rights: ['settings.read'] },
  { name: 'policies', path: '/policies', label: 'page.policies', roles: ['administrator', 'officer', 'auditor'], group: 'define', rights: ['settings.read', 'posture.manage'] },
  { name: 'training', path: '/training', label: 'page.training', roles: ['supervisor', 'administrator', 'auditor'], group: 'define', rights: ['training.read', 'training.records', 'training.manage'] },
  { name: 'posture', path: '/posture', label: 'page.posture', roles: ['administrator', 'officer', 'auditor'], group: 'define', rights: ['settings.read', 'posture.manage'] },
  { name: 'networks', path: '/networks', label: 'page.networks', roles: ['administrator', 'officer', 'auditor'], group: 'define', rights: ['settings.read'] },
  { name: 'roles', path: '/roles', label: 'page.roles', roles: ['administrator'], group: 'define' },
  { name: 'audit', path: '/audit', label: 'page.audit', roles: ['officer', 'auditor'], group: 'check', client: true, rights: ['log.read'] },
  { name: 'reports', path: '/reports', label: 'page.reports', roles: ['officer', 'auditor'], group: 'check', rights: ['reports.read', 'reports.make'] },
];

/** pagesFor lists what somebody with these roles and rights is shown; client is whose auditor he is, '' for the centre's own people. */
export function pagesFor(roles: readonly Role[], client = '', rights: readonly string[] = []): PageEntry[] {
  return pages.filter((page) => shown(page, roles, client, rights));
}

function shown(page: PageEntry, roles: readonly Role[], client: string, rights: readonly string[]): boolean {
  return (client === '' || page.client === true) && (page.roles.some((role) => roles.includes(role)) || (page.rights ?? []).some((right) => rights.includes(right)));
}

/** mayOpen says whether a path belongs to a screen that these roles are shown. */
export function mayOpen(path: string, roles: readonly Role[], client = '', rights: readonly string[] = []): boolean {
  const page = pages.find((entry) => path === entry.path || path.startsWith(`${entry.path}/`));
  return page === undefined || shown(page, roles, client, rights);
}
