/** Groups of shared PCs, invented. */
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
      ],
    },
    { id: 'pool-2', name: '受付', client: '', client_name: '', created: '2026-11-20T00:00:00Z', people: [], pcs: [] },
  ],
};

export const noPools = { pools: [] };
