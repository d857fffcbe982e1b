import { Table, UnstyledButton } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { createColumnHelper, createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type SortingState } from '@tanstack/react-table';
import { useMemo, useState, type ReactNode } from 'react';
import { SortIcon } from './icons';
import { partTexts } from './texts';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** Column is one column: what it shows, and by which text or number it sorts. */
export type Column<Row> = {
  id: string;
  label: string;
  show: (row: Row) => ReactNode;
  sort?: (row: Row) => string | number;
  width?: string;
  numbers?: boolean;
};

export type DataTableProps<Row> = {
  label: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  /** order at first; without it the rows come as they are given */
  order?: { id: string; desc: boolean };
};

const collator = new Intl.Collator('ja', { numeric: true });

/** DataTable is every list of the console: sortable by keyboard, its order said to screen readers. */
export function DataTable<Row extends object>({ label, rows, columns, rowKey, order }: DataTableProps<Row>) {
  const say = useTexts(partTexts);
  const [sorting, setSorting] = useState<SortingState>(order ? [order] : []);
  const defs = useMemo(() => columnDefs(columns), [columns]);
  const table = useTable({
    features,
    columns: defs,
    data: rows,
    state: { sorting },
    onSortingChange: setSorting,
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
      helper.accessor((row) => column.sort?.(row) ?? '', {
      id: column.id,
      enableSorting: column.sort !== undefined,
      sortFn: (a, b) => compare(column.sort?.(a.original) ?? '', column.sort?.(b.original) ?? ''),
    }),
    ),
  );
}

/** compare orders texts as Japanese does, with numbers inside them by value. */
export function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}
