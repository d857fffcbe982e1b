import type { QueryClient } from '@tanstack/react-query';
import { createHashHistory, createRootRouteWithContext, createRoute, createRouter } from '@tanstack/react-router';
import { noFilter, type AuditFilter } from './api/queries';
import { DisasterPage } from './disasters/DisasterPage';
import { ApprovalsPage } from './approvals/ApprovalsPage';
import { AttestationPage } from './attestation/AttestationPage';
import { AuditPage } from './audit/AuditPage';
import { BoardPage } from './calls/BoardPage';
import { ReportPage } from './calls/ReportPage';
import { ClientPage } from './clients/ClientPage';
import { ClientsPage } from './clients/ClientsPage';
import { DesktopsPage } from './desktops/DesktopsPage';
import { DevicePage } from './devices/DevicePage';
import { DevicesPage } from './devices/DevicesPage';
import { FlowPage } from './flows/FlowPage';
import { FlowsPage } from './flows/FlowsPage';
import { PartsPage as FlowPartsPage } from './flows/PartsPage';
import { FloorPage } from './floor/FloorPage';
import { IncidentPage } from './incidents/IncidentPage';
import { IncidentsPage } from './incidents/IncidentsPage';
import { KittingPage } from './loans/KittingPage';
import { LoanPage } from './loans/LoanPage';
import { LoansPage } from './loans/LoansPage';
import { PoolsPage } from './pools/PoolsPage';
import { NetworksPage } from './networks/NetworksPage';
import { ListPage } from './people/ListPage';
import { PeoplePage } from './people/PeoplePage';
import { SlipPage } from './people/SlipPage';
import { PoliciesPage } from './policies/PoliciesPage';
import { PosturePage } from './posture/PosturePage';
import { PersonPage as ReadinessOfPerson } from './readiness/PersonPage';
import { ReadinessPage } from './readiness/ReadinessPage';
import { RecordingPage } from './recordings/RecordingPage';
import { RecordingsPage } from './recordings/RecordingsPage';
import { ReportsPage } from './reports/ReportsPage';
import { RolesPage } from './roles/RolesPage';
import { RefusalsPage } from './rules/RefusalsPage';
import { RulesPage } from './rules/RulesPage';
import { Root } from './Root';
import { ShiftsPage } from './shifts/ShiftsPage';
import { Home } from './shell/Home';
import { Failed } from './shell/Shell';
import { Missing } from './shell/Refused';
import { WitnessPage } from './witness/WitnessPage';
import { TrainingPage } from './training/TrainingPage';
import { QueuesPage } from './queues/QueuesPage';
import { SkillsPage } from './skills/SkillsPage';
import { TrunksPage } from './trunks/TrunksPage';

const text = (value: unknown) => (typeof value === 'string' ? value : '');

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Root,
  notFoundComponent: Missing,
  errorComponent: Failed,
});

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });
const withToken = (search: { [key: string]: unknown }) => ({ token: text(search['token']) });
const setup = createRoute({ getParentRoute: () => root, path: '/setup', validateSearch: withToken });
const invitation = createRoute({ getParentRoute: () => root, path: '/invitation', validateSearch: withToken });
const lost = createRoute({ getParentRoute: () => root, path: '/lost', validateSearch: withToken });
const oidc = createRoute({
  getParentRoute: () => root,
  path: '/oidc',
  validateSearch: (search: { [key: string]: unknown }) => ({ state: text(search['state']), code: text(search['code']), iss: text(search['iss']), error: text(search['error']) }),
});
const floor = createRoute({ getParentRoute: () => root, path: '/floor', component: FloorPage });
const disaster = createRoute({ getParentRoute: () => root, path: '/disaster', component: DisasterPage });
const approvals = createRoute({ getParentRoute: () => root, path: '/approvals', component: ApprovalsPage });
const watch = createRoute({
  getParentRoute: () => root,
  path: '/approvals/watch/$id',
  component: function Watch() {
    return <WitnessPage id={watch.useParams().id} />;
  },
});
const devices = createRoute({ getParentRoute: () => root, path: '/devices', component: DevicesPage });
const device = createRoute({
  getParentRoute: () => root,
  path: '/devices/$id',
  component: function Device() {
    return <DevicePage id={device.useParams().id} />;
  },
});
const loans = createRoute({ getParentRoute: () => root, path: '/loans', component: LoansPage });
const kitting = createRoute({ getParentRoute: () => root, path: '/loans/kitting', component: KittingPage });
const loan = createRoute({
  getParentRoute: () => root,
  path: '/loans/$id',
  component: function Loan() {
    return <LoanPage id={loan.useParams().id} />;
  },
});
const attestation = createRoute({ getParentRoute: () => root, path: '/attestation', component: AttestationPage });
const people = createRoute({ getParentRoute: () => root, path: '/people', component: PeoplePage });
const lists = createRoute({ getParentRoute: () => root, path: '/people/lists', component: ListPage });
const slip = createRoute({
  getParentRoute: () => root,
  path: '/people/$id/slip',
  component: function Slip() {
    return <SlipPage id={slip.useParams().id} />;
  },
});
const clients = createRoute({ getParentRoute: () => root, path: '/clients', component: ClientsPage });
const client = createRoute({
  getParentRoute: () => root,
  path: '/clients/$id',
  component: function Client() {
    return <ClientPage id={client.useParams().id} />;
  },
});
const flows = createRoute({ getParentRoute: () => root, path: '/flows', component: FlowsPage });
const flow = createRoute({
  getParentRoute: () => root,
  path: '/flows/$id',
  component: function Flow() {
    return <FlowPage id={flow.useParams().id} />;
  },
});
const flowParts = createRoute({
  getParentRoute: () => root,
  path: '/flows/parts/$client',
  component: function FlowParts() {
    return <FlowPartsPage client={flowParts.useParams().client} />;
  },
});
const rules = createRoute({ getParentRoute: () => root, path: '/rules', component: RulesPage });
const refusals = createRoute({ getParentRoute: () => root, path: '/refusals', component: RefusalsPage });
const desktops = createRoute({ getParentRoute: () => root, path: '/desktops', component: DesktopsPage });
const incidents = createRoute({ getParentRoute: () => root, path: '/incidents', component: IncidentsPage });
const incident = createRoute({
  getParentRoute: () => root,
  path: '/incidents/$id',
  component: function Incident() {
    return <IncidentPage id={incident.useParams().id} />;
  },
});
const policies = createRoute({ getParentRoute: () => root, path: '/policies', component: PoliciesPage });
const training = createRoute({ getParentRoute: () => root, path: '/training', component: TrainingPage });
const readiness = createRoute({ getParentRoute: () => root, path: '/readiness', component: ReadinessPage });
const readinessOf = createRoute({
  getParentRoute: () => root,
  path: '/readiness/$id',
  component: function OnePerson() {
    return <ReadinessOfPerson id={readinessOf.useParams().id} />;
  },
});
const posture = createRoute({ getParentRoute: () => root, path: '/posture', component: PosturePage });
const pools = createRoute({ getParentRoute: () => root, path: '/pools', component: PoolsPage });
const networks = createRoute({ getParentRoute: () => root, path: '/networks', component: NetworksPage });
const roles = createRoute({ getParentRoute: () => root, path: '/roles', component: RolesPage });
const shifts = createRoute({ getParentRoute: () => root, path: '/shifts', component: ShiftsPage });
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  // The search stands in the address, so that a finding can be passed on as a link.
  validateSearch: (search: { [key: string]: unknown }): Partial<AuditFilter> =>
    Object.fromEntries(Object.keys(noFilter).flatMap((key) => (text(search[key]) === '' ? [] : [[key, text(search[key])]]))),
  component: function Audit() {
    return <AuditPage filter={{ ...noFilter, ...audit.useSearch() }} />;
  },
});

const trunks = createRoute({ getParentRoute: () => root, path: '/trunks', component: TrunksPage });
const queues = createRoute({ getParentRoute: () => root, path: '/queues', component: QueuesPage });
const skills = createRoute({ getParentRoute: () => root, path: '/skills', component: SkillsPage });

const reports = createRoute({ getParentRoute: () => root, path: '/reports', component: ReportsPage });

const calls = createRoute({ getParentRoute: () => root, path: '/calls', component: BoardPage });
const callReports = createRoute({ getParentRoute: () => root, path: '/callreports', component: ReportPage });
const recordings = createRoute({ getParentRoute: () => root, path: '/recordings', component: RecordingsPage });
const recording = createRoute({
  getParentRoute: () => root,
  path: '/recordings/$id',
  component: function Recording() {
    return <RecordingPage id={recording.useParams().id} />;
  },
});

const tree = root.addChildren([home, setup, invitation, oidc, lost, floor, approvals, watch, disaster, devices, device, loans, kitting, loan, pools, attestation, people, lists, slip, clients, client, flows, flow, flowParts, rules, refusals, desktops, incidents, incident, policies, training, readiness, readinessOf, posture, networks, roles, shifts, audit, reports, trunks, queues, skills, calls, callReports, recordings, recording]);

/** createPages makes the router: routes behind the #, search values plain texts. */
export function createPages(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    history: createHashHistory(),
    context: { client },
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search: { [key: string]: unknown }) => {
      const set = Object.entries(search).flatMap(([key, value]) => (text(value) === '' ? [] : [[key, text(value)]]));
      const words = new URLSearchParams(set).toString();
      return words === '' ? '' : `?${words}`;
    },
    defaultPreload: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
