import { WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import type { Fault } from '../api/flowQueries';
import { card, exitsOf, type Graph, type Node } from './model';
import { flowTexts } from './texts';
import { useExitName } from './useExitName';

type Place = { x: number; y: number };
type Props = { graph: Graph; faults: Fault[]; chosen: string; may: boolean; onChoose: (id: string) => void; onMove: (id: string, to: Place) => void };

const steps: { [key: string]: Place } = { ArrowLeft: { x: -card.step, y: 0 }, ArrowRight: { x: card.step, y: 0 }, ArrowUp: { x: 0, y: -card.step }, ArrowDown: { x: 0, y: card.step } };
const inside = (at: Place): Place => ({ x: Math.max(0, Math.min(4000, at.x)), y: Math.max(0, Math.min(8000, at.y)) });

/** Canvas is the drawing: cards that can be moved, and the ways between them. The list says the same in words. */
export function Canvas({ graph, faults, chosen, may, onChoose, onMove }: Props) {
  const say = useTexts(flowTexts);
  const held = useRef<{ id: string; from: Place; at: Place; moved: boolean } | null>(null);
  const size = { width: Math.max(...graph.nodes.map((one) => one.x)) + card.width + 60, height: Math.max(...graph.nodes.map((one) => one.y)) + card.height + 60 };

  function grasp(event: PointerEvent<HTMLButtonElement>, node: Node) {
    if (!may || event.button !== 0) return;
    held.current = { id: node.id, from: { x: event.clientX, y: event.clientY }, at: { x: node.x, y: node.y }, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  }
  function drag(event: PointerEvent) {
    const one = held.current;
    if (one === null) return;
    const way = { x: event.clientX - one.from.x, y: event.clientY - one.from.y };
    if (!one.moved && Math.hypot(way.x, way.y) < 4) return;
    one.moved = true;
    onMove(one.id, inside({ x: one.at.x + way.x, y: one.at.y + way.y }));
  }
  function press(event: KeyboardEvent, node: Node) {
    const step = steps[event.key];
    if (!may || step === undefined) return;
    event.preventDefault();
    onMove(node.id, inside({ x: node.x + step.x, y: node.y + step.y }));
  }
  return (
    <div className="co-canvas" role="group" aria-label={say('canvas')} tabIndex={-1}>
      <div style={size} className="co-canvas-paper">
        <Ways graph={graph} size={size} />
        {graph.nodes.map((node) => {
          const wrong = faults.filter((one) => one.node === node.id).length;
          return (
            <button
              key={node.id}
              type="button"
              className="co-node"
              style={{ left: node.x, top: node.y, width: card.width, height: card.height }}
              aria-pressed={chosen === node.id}
              data-wrong={wrong > 0 || undefined}
              onPointerDown={(event) => grasp(event, node)}
              onPointerMove={drag}
              onPointerUp={() => (held.current = null)}
              onPointerCancel={() => (held.current = null)}
              onKeyDown={(event) => press(event, node)}
              onClick={() => onChoose(node.id)}
            >
              <span className="co-node-kind">
                {graph.start === node.id && <b>{say('start')}</b>} {say(`kind.${node.kind}`)}
              </span>
              <span className="co-node-title">{node.title === '' ? node.id : node.title}</span>
              {wrong > 0 && (
                <span className="co-node-wrong">
                  <WarnIcon size={14} /> {say('faults.of', { count: wrong })}
                </span>
              )}
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** Ways are the lines with the names of the exits; to screen readers the list says them. */
function Ways({ graph, size }: { graph: Graph; size: { width: number; height: number } }) {
  const nameOf = useExitName();
  return (
    <svg className="co-ways" width={size.width} height={size.height} aria-hidden="true">
      <defs>
        <marker id="co-way-end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8z" fill="currentColor" />
        </marker>
      </defs>
      {graph.nodes.flatMap((node) => {
        const exits = exitsOf(node);
        return exits.map((exit, n) => {
          const to = graph.nodes.find((one) => one.id === exit.to);
          const x = node.x + (card.width * (n + 1)) / (exits.length + 1);
          const y = node.y + card.height;
          const end = to && { x: to.x + card.width / 2, y: to.y };
          const bend = end ? Math.max(36, Math.abs(end.y - y) / 2) : 0;
          return (
            <g key={`${node.id} ${exit.name}`} data-nowhere={end === undefined || undefined}>
              {end ? <path d={`M${x} ${y} C${x} ${y + bend} ${end.x} ${end.y - bend} ${end.x} ${end.y}`} markerEnd="url(#co-way-end)" /> : <path d={`M${x} ${y} v14`} />}
              <text x={x} y={y + 14 + (n % 2) * 13} textAnchor="middle">
                {nameOf(exit.name)}
              </text>
            </g>
          );
        });
      })}
    </svg>
  );
}
