import { Table, UnstyledButton } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { createColumnHelper, createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type SortingState } from '@tanstack/react-table';
import { useMemo, useState, type ReactNode } from 'react';
import { SortIcon } from './icons';
import { partTexts } from './texts';
import type { Order } from './useListing';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** Column is one column: what it shows, and by which text or number it sorts; or that the server sorts by it. */
export type Column<Row> = {
  id: string;
  label: string;
  show: (row: Row) => ReactNode;
  sort?: ((row: Row) => string | number) | 'server';
  width?: string;
  numbers?: boolean;
};

export type DataTableProps<Row> = {
  label: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  /** order at first; without it the rows come as they are given */
  order?: Order;
  /** server sorts what is not all here; without it the table sorts what it has */
  server?: { order: Order | null; onOrder: (order: Order) => void } | undefined;
};

const collator = new Intl.Collator('ja', { numeric: true });

/** DataTable is every list of the console: sortable by keyboard, its order said to screen readers. */
export function DataTable<Row extends object>({ label, rows, columns, rowKey, order, server }: DataTableProps<Row>) {
  const say = useTexts(partTexts);
  const [own, setOwn] = useState<SortingState>(order ? [order] : []);
  const sorting = server ? (server.order ? [server.order] : []) : own;
  const defs = useMemo(() => columnDefs(columns), [columns]);
  const table = useTable({
    features,
    columns: defs,
    data: rows,
    state: { sorting },
    onSortingChange: (to) => {
      const next = typeof to === 'function' ? to(sorting) : to;
      if (!server) setOwn(next);
      else if (next[0]) server.onOrder(next[0]);
    },
    manualSorting: server !== undefined,
    getRowId: rowKey,
    enableSortingRemoval: false,
  });
  return (
    <div className="co-table" role="region" aria-label={label} tabIndex={0}>
      <Table highlightOnHover verticalSpacing="xs" horizontalSpacing="md" stickyHeader={false}>
        <Table.Caption className="co-hidden">{label}</Table.Caption>
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map((header) => {
                const column = columns[header.index];
                const sorted = header.column.getIsSorted();
                return (
                  <Table.Th
                    key={header.id}
                    scope="col"
                    w={column?.width}
                    aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
                  >
                    {header.column.getCanSort() ? (
                      <UnstyledButton className="co-sort" onClick={header.column.getToggleSortingHandler()} title={say('sort')}>
                        <span>{column?.label}</span>
                        <SortIcon size={14} order={sorted} />
                      </UnstyledButton>
                    ) : (
                      column?.label
                    )}
                  </Table.Th>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {table.getRowModel().rows.map((row) => (
            <Table.Tr key={row.id}>
              {row.getAllCells().map((cell, index) => (
                <Table.Td key={cell.id} className={columns[index]?.numbers ? 'sk-numbers' : undefined}>
                  {columns[index]?.show(row.original)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function columnDefs<Row extends object>(columns: Column<Row>[]) {
  const helper = createColumnHelper<typeof features, Row>();
  return helper.columns(
    columns.map((column) =>
      helper.accessor((row) => valueOf(column, row), {
      id: column.id,
      enableSorting: column.sort !== undefined,
      sortFn: (a, b) => compare(valueOf(column, a.original), valueOf(column, b.original)),
      sortDescFirst: false,
    }),
    ),
  );
}

function valueOf<Row>(column: Column<Row>, row: Row): string | number {
  return typeof column.sort === 'function' ? column.sort(row) : '';
}

/** compare orders texts as Japanese does, with numbers inside them by value. */
export function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}
