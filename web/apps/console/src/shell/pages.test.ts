import { roles } from '@sekisho/wire/states';
import { expect, test } from 'vitest';
import { mayOpen, pages, pagesFor } from './pages';

test('an operator is shown nothing', () => {
  expect(pagesFor(['operator'])).toEqual([]);
  expect(pagesFor([])).toEqual([]);
});

test('each role sees what the door lets it use', () => {
  const seen = Object.fromEntries(roles.map((role) => [role, pagesFor([role]).map((page) => page.name)]));
  expect(seen).toEqual({
    operator: [],
    supervisor: ['floor', 'approvals', 'disaster', 'incidents', 'readiness', 'shifts', 'refusals', 'calls', 'recordings', 'callreports', 'queues', 'skills', 'flows', 'loans', 'pools', 'training'],
    administrator: ['approvals', 'disaster', 'readiness', 'shifts', 'refusals', 'calls', 'recordings', 'callreports', 'queues', 'skills', 'flows', 'trunks', 'devices', 'loans', 'pools', 'attestation', 'people', 'clients', 'desktops', 'rules', 'policies', 'training', 'posture', 'networks', 'roles'],
    officer: ['approvals', 'disaster', 'incidents', 'readiness', 'recordings', 'rules', 'policies', 'posture', 'networks', 'audit', 'reports'],
    auditor: ['approvals', 'disaster', 'incidents', 'readiness', 'recordings', 'queues', 'skills', 'flows', 'trunks', 'loans', 'pools', 'attestation', 'clients', 'rules', 'policies', 'training', 'posture', 'networks', 'audit', 'reports'],
  });
});

test('an auditor of a client company is shown its own part and nothing else', () => {
  expect(pagesFor(['auditor'], 'client').map((page) => page.name)).toEqual(['incidents', 'readiness', 'recordings', 'clients', 'audit']);
  expect(pagesFor(['auditor', 'administrator'], 'client').map((page) => page.name)).toEqual(['incidents', 'readiness', 'recordings', 'clients', 'audit']);
  expect(mayOpen('/rules', ['auditor'], 'client')).toBe(false);
});

test('an own role shows its pages and no others', () => {
  expect(pagesFor(['operator'], '', ['floor.watch', 'people.manage']).map((page) => page.name)).toEqual(['floor', 'people']);
  expect(mayOpen('/roles', ['operator'], '', ['people.manage'])).toBe(false);
  expect(pagesFor(['operator'], '', ['anything'])).toEqual([]);
});

test('a page below another belongs to it, a page that only begins like it does not', () => {
  expect(mayOpen('/devices/0198', ['supervisor'])).toBe(false);
  expect(mayOpen('/devices/0198', ['administrator'])).toBe(true);
  expect(mayOpen('/devicesx', ['supervisor'])).toBe(true); // there is no such page: Missing answers
});

test('every page has somebody', () => {
  for (const page of pages) expect(page.roles.length).toBeGreaterThan(0);
});
