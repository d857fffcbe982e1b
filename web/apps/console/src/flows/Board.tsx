import { Button, Menu } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { FlowParts } from '../api/flowQueries';
import { Empty } from '../parts/Empty';
import { PlusIcon, RuleIcon } from '../parts/icons';
import { Canvas } from './Canvas';
import { FlowForm } from './FlowForm';
import { added, kindNames, removed } from './model';
import { NodeForm } from './NodeForm';
import { Outline } from './Outline';
import { flowTexts } from './texts';
import type { Drawing } from './useDrawing';

type Props = { as: 'canvas' | 'outline'; drawing: Drawing; parts: FlowParts; may: boolean; chosen: string; onChoose: (id: string) => void };

/** Board is the flow as a drawing or a list, with the settings of what is chosen beside it. */
export function Board({ as, drawing, parts, may, chosen, onChoose }: Props) {
  const say = useTexts(flowTexts);
  const { graph, change, faults } = drawing;
  const node = graph.nodes.find((one) => one.id === chosen);
  return (
    <div className="co-flow">
      <div className="co-flow-main">
        <div className="co-flow-bar">
          {may && (
            <Menu position="bottom-start" shadow="md">
              <Menu.Target>
                <Button variant="default" size="compact-md" leftSection={<PlusIcon size={16} />}>
                  {say('add')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {kindNames.map((kind) => (
                  <Menu.Item
                    key={kind}
                    onClick={() => {
                      const next = added(graph, kind);
                      change.graph(next.graph);
                      onChoose(next.id);
                    }}
                  >
                    {say(`kind.${kind}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          {node && (
            <Button variant="subtle" size="compact-md" onClick={() => onChoose('')}>
              {say('settings.open')}
            </Button>
          )}
        </div>
        {graph.nodes.length === 0 ? (
          <Empty icon={<RuleIcon size={36} />} title={say('canvas.empty')} text={may ? say('canvas.empty.do') : ''} />
        ) : as === 'canvas' ? (
          <Canvas graph={graph} faults={faults} chosen={chosen} may={may} onChoose={onChoose} onMove={(id, at) => change.node(id, at)} />
        ) : (
          <Outline graph={graph} faults={faults} chosen={chosen} onChoose={onChoose} />
        )}
      </div>
      <div className="co-flow-form">
        {node ? (
          <NodeForm
            key={node.id}
            node={node}
            graph={graph}
            parts={parts}
            faults={faults.filter((one) => one.node === node.id)}
            may={may}
            onTitle={(title) => change.node(node.id, { title })}
            onChange={(next) => change.settings(node.id, next)}
            onRemove={() => {
              change.graph(removed(graph, node.id));
              onChoose('');
            }}
          />
        ) : (
          <FlowForm graph={graph} parts={parts} faults={faults.filter((one) => one.node === '')} may={may} onChange={change.graph} />
        )}
      </div>
    </div>
  );
}
