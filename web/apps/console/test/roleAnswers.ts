import type { Right, Roles } from '../src/api/roleQueries';

const right = (side: Right['side'], ...rights: string[]): Right[] => rights.map((one) => ({ right: one, side }));

/** ownRoles are the invented own roles of the pictures. */
export const ownRoles: Roles = {
  rights: [
    ...right('supervisor', 'floor.watch', 'floor.close', 'incidents.list', 'refusals.read', 'training.read', 'shifts.read'),
    ...right('auditor', 'incidents.read', 'log.read', 'log.take', 'reports.read', 'settings.read', 'training.records', 'clients.read'),
    ...right('officer', 'reports.make', 'evidence.hold', 'evidence.fetch'),
    ...right('administrator', 'devices.read', 'devices.manage', 'people.read', 'people.manage', 'desktops.manage', 'clients.manage', 'training.manage', 'posture.manage', 'shifts.manage'),
  ],
  roles: [
    {
      id: '0198f000-0000-7000-8000-000000000901',
      name: 'PC貸出の窓口',
      rights: ['devices.read', 'devices.manage'],
      version: 3,
      changed: '2026-11-20T02:00:00Z',
      holders: [
        { id: '0198f000-0000-7000-8000-000000000911', name: '見本 貸出' },
        { id: '0198f000-0000-7000-8000-000000000912', name: '例示 窓口' },
      ],
    },
    { id: '0198f000-0000-7000-8000-000000000902', name: '研修担当', rights: ['training.read', 'training.records'], version: 1, changed: '2026-11-21T02:00:00Z', holders: [] },
  ],
};
