import { z } from '@sekisho/wire/z';

/** Kind is what a node does. */
export const kindNames = ['play', 'menu', 'collect', 'hours', 'condition', 'attribute', 'level', 'queue', 'callback', 'voicemail', 'transfer', 'lookup', 'survey', 'hangup'] as const;
export type Kind = (typeof kindNames)[number];

const Question = z.object({ name: z.string(), prompt: z.string(), from: z.number(), to: z.number() });
export type Question = z.infer<typeof Question>;
const Value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.array(Question), z.record(z.string(), z.string())]);
export type Value = z.infer<typeof Value>;
export type Settings = { [name: string]: Value };

/** Node is one place of a flow as the editor holds it. */
export type Node = { id: string; title: string; x: number; y: number; kind: Kind; settings: Settings };
export type Graph = { start: string; survey: string; fallback: { queue: string; prompt: string }; nodes: Node[] };
export type Exit = { name: string; to: string };

const Raw = z.object({
  start: z.string(),
  survey: z.string().default(''),
  fallback: z.object({ queue: z.string().default(''), prompt: z.string() }),
  nodes: z.array(z.looseObject({ id: z.string(), title: z.string().default(''), x: z.number().default(0), y: z.number().default(0) })),
});
const Given = z.record(z.string(), Value.nullable());

/** blanks are the settings that a new node begins with, in the order of its form. */
export const blanks: { [kind in Kind]: Settings } = {
  play: { prompt: '', next: '' },
  menu: { prompt: '', choices: { '1': '' }, otherwise: '', wait: 8, tries: 3 },
  collect: { prompt: '', name: 'digits', min: 1, max: 8, end: '#', wait: 8, tries: 3, next: '', otherwise: '' },
  hours: { calendar: '', open: '', closed: '', holiday: '' },
  condition: { of: 'caller', name: '', test: 'known', values: [], yes: '', no: '' },
  attribute: { name: 'note', value: '', from: '', secret: false, next: '' },
  level: { level: 'full', next: '' },
  queue: { queue: '', most: 300, priority: 0, overflow: '' },
  callback: { queue: '', prompt: '', withheld: '' },
  voicemail: { queue: '', prompt: '', most: 120, next: '' },
  transfer: { number: '', wait: 30, failed: '' },
  lookup: { hook: '', prompt: '', caller: false, collected: [], attributes: [], takes: [], found: '', failed: '' },
  survey: { questions: [{ name: 'score', prompt: '', from: 1, to: 5 }], wait: 8, next: '' },
  hangup: { prompt: '' },
};

const targets: { [kind in Kind]: readonly string[] } = {
  play: ['next'], menu: ['otherwise'], collect: ['next', 'otherwise'], hours: ['open', 'closed', 'holiday'], condition: ['yes', 'no'], attribute: ['next'], level: ['next'],
  queue: ['overflow'], callback: ['withheld'], voicemail: ['next'], transfer: ['failed'], lookup: ['found', 'failed'], survey: ['next'], hangup: [],
};

/** isTarget says whether a setting of a kind names the next node. */
export const isTarget = (kind: Kind, field: string) => targets[kind].includes(field);

/** choicesOf are a menu's keys with where they lead. */
export function choicesOf(node: Node): { [key: string]: string } {
  const held = node.settings['choices'];
  return held !== undefined && typeof held === 'object' && !Array.isArray(held) ? held : {};
}

/** exitsOf are the ways out of a node, as they are checked: "choice 1" is a menu's; a holiday that is not named is as closed. */
export function exitsOf(node: Node): Exit[] {
  const choices = node.kind === 'menu' ? Object.entries(choicesOf(node)).map(([key, to]) => ({ name: `choice ${key}`, to })) : [];
  return [...choices, ...targets[node.kind].map((name) => ({ name, to: String(node.settings[name] || (name === 'holiday' ? node.settings['closed'] : '') || '') }))];
}

/** parseGraph reads a flow as the door gives it; undefined where it cannot be shown. */
export function parseGraph(raw: unknown): Graph | undefined {
  const read = Raw.safeParse(raw);
  if (!read.success) return undefined;
  const nodes: Node[] = [];
  for (const one of read.data.nodes) {
    const kind = kindNames.find((name) => one[name] !== undefined);
    const given = Given.safeParse(kind === undefined ? undefined : one[kind]);
    if (kind === undefined || !given.success) return undefined;
    const set = Object.fromEntries(Object.entries(given.data).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
    nodes.push({ id: one.id, title: one.title, x: one.x, y: one.y, kind, settings: { ...zeros(kind), ...set } });
  }
  return placed({ start: read.data.start, survey: read.data.survey, fallback: read.data.fallback, nodes });
}

/** zeros is what a setting means that is not named. */
function zeros(kind: Kind): Settings {
  const zero = (value: Value): Value => (typeof value === 'number' ? 0 : typeof value === 'boolean' ? false : Array.isArray(value) ? [] : typeof value === 'object' ? {} : '');
  return Object.fromEntries(Object.entries(blanks[kind]).map(([name, value]) => [name, zero(value)]));
}

/** rawGraph is a flow as the door takes it. */
export function rawGraph(graph: Graph): unknown {
  return { ...graph, nodes: graph.nodes.map(({ kind, settings, ...node }) => ({ ...node, x: Math.round(node.x), y: Math.round(node.y), [kind]: settings })) };
}

/** width and height are a card's on the canvas; step is how far an arrow key moves it. */
export const card = { width: 190, height: 86, step: 20 } as const;

/** walked gives the nodes in the order in which a call may come to them, those that none comes to at the end. */
export function walked(graph: Graph): { node: Node; depth: number }[] {
  const out: { node: Node; depth: number }[] = [];
  const seen = new Set<string>();
  const queue = [graph.start, graph.survey].map((id) => ({ id, depth: 0 }));
  for (let next = queue.shift(); next !== undefined || out.length < graph.nodes.length; next = queue.shift()) {
    const from = next ?? { id: graph.nodes.find((one) => !seen.has(one.id))?.id ?? '', depth: 0 };
    if (next === undefined && from.id === '') break;
    const node = graph.nodes.find((one) => one.id === from.id);
    if (node === undefined || seen.has(from.id)) continue;
    seen.add(from.id);
    out.push({ node, depth: from.depth });
    for (const exit of exitsOf(node)) queue.push({ id: exit.to, depth: from.depth + 1 });
  }
  return out;
}

/** placed gives nodes that were never drawn a place: a row for each step of the way. */
function placed(graph: Graph): Graph {
  if (graph.nodes.some((one) => one.x !== 0 || one.y !== 0)) return graph;
  const rows = new Map<number, number>();
  const places = new Map(
    walked(graph).map(({ node, depth }) => {
      const column = rows.get(depth) ?? 0;
      rows.set(depth, column + 1);
      return [node.id, { x: 30 + column * (card.width + 40), y: 30 + depth * (card.height + 76) }];
    }),
  );
  return { ...graph, nodes: graph.nodes.map((one) => ({ ...one, ...places.get(one.id) })) };
}

/** added puts a new node below all others; the first one is the start. */
export function added(graph: Graph, kind: Kind): { graph: Graph; id: string } {
  let n = graph.nodes.length + 1;
  while (graph.nodes.some((one) => one.id === `${kind}-${n}`)) n++;
  const id = `${kind}-${n}`;
  const y = Math.max(30 - card.height - 76, ...graph.nodes.map((one) => one.y)) + card.height + 76;
  return { graph: { ...graph, start: graph.start === '' ? id : graph.start, nodes: [...graph.nodes, { id, title: '', x: 30, y, kind, settings: structuredClone(blanks[kind]) }] }, id };
}

/** removed takes a node out, and every way that leads to it. */
export function removed(graph: Graph, id: string): Graph {
  const off = (to: string) => (to === id ? '' : to);
  return {
    ...graph,
    start: off(graph.start),
    survey: off(graph.survey),
    nodes: graph.nodes
      .filter((one) => one.id !== id)
      .map((one) => {
        const settings = { ...one.settings };
        for (const name of targets[one.kind]) settings[name] = off(String(settings[name] ?? ''));
        if (one.kind === 'menu') settings['choices'] = Object.fromEntries(Object.entries(choicesOf(one)).map(([key, to]) => [key, off(to)]));
        return { ...one, settings };
      }),
  };
}
