import { expect, test } from 'vitest';
import { added, blanks, exitsOf, kindNames, parseGraph, rawGraph, removed, walked, type Graph } from './model';

const empty: Graph = { start: '', survey: '', fallback: { queue: '', prompt: '' }, nodes: [] };

test('every kind is written and read again as it was', () => {
  let graph = empty;
  for (const kind of kindNames) graph = added(graph, kind).graph;
  expect(parseGraph(JSON.parse(JSON.stringify(rawGraph(graph))))).toEqual(graph);
  expect(kindNames.every((kind) => exitsOf({ id: 'a', title: '', x: 0, y: 0, kind, settings: blanks[kind] }).length > 0 || kind === 'hangup')).toBe(true);
});

test('what the door leaves out means nothing, and a flow never drawn gets places', () => {
  const graph = parseGraph({ start: 'a', fallback: { prompt: 'p' }, nodes: [{ id: 'b', hangup: {} }, { id: 'a', menu: { prompt: '', choices: { '1': 'b' }, wait: 5, tries: 2, otherwise: 'b' } }] });
  expect(graph?.nodes[0]?.settings).toEqual({ prompt: '' });
  expect(walked(graph ?? empty).map(({ node }) => node.id)).toEqual(['a', 'b']);
  expect(graph?.nodes[0]?.y).toBeGreaterThan(graph?.nodes[1]?.y ?? 0);
});

test('a removed node is led to by nothing', () => {
  const graph = parseGraph({ start: 'a', fallback: { prompt: '' }, nodes: [{ id: 'a', x: 1, menu: { prompt: '', choices: { '1': 'b' }, wait: 5, tries: 2, otherwise: 'b' } }, { id: 'b', hangup: {} }] });
  const left = removed(graph ?? empty, 'b');
  expect(left.nodes.flatMap(exitsOf).every((exit) => exit.to === '')).toBe(true);
  expect(parseGraph({ start: 'a', nodes: 1 })).toBeUndefined();
});
