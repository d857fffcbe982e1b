/** Groups of shared PCs, invented. */
const many = Array.from({ length: 60 }, (_, n) => ({ person: `p-${100 + n}`, name: `見本 ${String(n + 1).padStart(2, '0')}`, since: '2026-11-02T00:30:00Z' }));

export const pools = {
  pools: [
    {
      id: 'pool-1',
      name: '札幌センター 早番',
      client: '',
      client_name: '',
      created: '2026-11-02T00:00:00Z',
      people: [
        { person: 'p-21', name: '見本 春子', since: '2026-11-02T00:10:00Z' },
        { person: 'p-22', name: '見本 夏男', since: '2026-11-02T00:11:00Z' },
      ],
      pcs: [
        { device: 'd-21', asset_tag: 'PC-2101', state: 'issued', since: '2026-11-02T00:20:00Z', key: true },
        { device: 'd-22', asset_tag: 'PC-2102', state: 'issued', since: '2026-11-20T00:20:00Z', key: false },
        { device: 'd-23', asset_tag: 'PC-2103', state: 'suspended', since: '2026-11-20T00:20:00Z', key: true },
      ],
    },
    { id: 'pool-2', name: '受付', client: 'client-1', client_name: '見本商事（架空の委託元）', created: '2026-11-20T00:00:00Z', people: [], pcs: [] },
  ],
};

export const noPools = { pools: [] };

export const bigPool = {
  pools: [{
    ...pools.pools[0]!,
    people: many,
    pcs: Array.from({ length: 20 }, (_, n) => ({ device: `d-${300 + n}`, asset_tag: `PC-${3100 + n}`, state: 'issued', since: '2026-11-02T00:20:00Z', key: n % 5 !== 0 })),
  }],
};
