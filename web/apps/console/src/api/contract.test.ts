import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { expect, test } from 'vitest';
import type { components } from './schema';
import * as acts from './actQueries';
import * as clients from './clientViews';
import * as loans from './loanViews';
import * as disasters from './disasterQueries';
import * as deputies from './deputyQueries';
import * as calls from './callQueries';
import * as flows from './flowQueries';
import * as pools from './poolQueries';
import * as recordings from './recordingQueries';
import * as witness from './witnessQueries';
import * as networks from './networkQueries';
import * as paging from './paging';
import * as readiness from './readinessQueries';
import * as roles from './roleQueries';
import * as shifts from './shiftQueries';
import * as rules from './ruleViews';
import * as telephone from './telephoneQueries';
import * as view from './views';

// The parsers here and the door's own description (schema.d.ts, made from
// internal/api/console/openapi.json) must have the same fields. tsc fails where
// they have not; this file only has to compile.

type Door = components['schemas'];

/** Differ names the fields that one side has and the other has not. */
type Differ<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
type Same<Name extends keyof Door, Parser extends z.ZodType> = Differ<Door[Name], z.infer<Parser>> extends never ? true : Differ<Door[Name], z.infer<Parser>>;

const same: [
  Same<'SessionView', typeof view.Session>,
  Same<'MeView', typeof view.Me>,
  Same<'CeremonyView', typeof view.Ceremony>,
  Same<'TrunkView', typeof telephone.Trunk>,
  Same<'TrunksView', typeof telephone.Trunks>,
  Same<'TrunkOut', typeof telephone.TrunkOut>,
  Same<'NumbersView', typeof telephone.Numbers>,
  Same<'NumberView', typeof telephone.OwnNumber>,
  Same<'WorkChoiceView', typeof telephone.WorkChoice>,
  Same<'FlowChoiceView', typeof telephone.FlowChoice>,
  Same<'TrunkChoice', typeof telephone.TrunkChoice>,
  Same<'QueuesView', typeof telephone.Queues>,
  Same<'QueueView', typeof telephone.Queue>,
  Same<'QueueSettings', typeof telephone.QueueSettings>,
  Same<'SkillDegree', typeof telephone.SkillDegree>,
  Same<'QueueWidening', typeof telephone.QueueWidening>,
  Same<'SkillsView', typeof telephone.Skills>,
  Same<'SkilledOne', typeof telephone.SkilledOne>,
  Same<'FloorView', typeof view.Floor>,
  Same<'SeatView', typeof view.Seat>,
  Same<'DeviceView', typeof view.Device>,
  Same<'AttestationView', typeof view.Attestation>,
  Same<'KnownKeyView', typeof view.KnownKey>,
  Same<'AuthorityView', typeof view.Authority>,
  Same<'ImportedView', typeof view.Imported>,
  Same<'EnrolmentCodeView', typeof view.EnrolmentCode>,
  Same<'PersonView', typeof view.Person>,
  Same<'InvitedView', typeof view.Invited>,
  Same<'PasswordAnswerView', typeof view.PasswordAnswer>,
  Same<'PasswordBegunView', typeof view.PasswordBegun>,
  Same<'LockedPasswordsView', typeof view.LockedPasswords>,
  Same<'ListView', typeof view.List>,
  Same<'ListRowView', typeof view.ListRow>,
  Same<'ListFaultView', typeof view.ListFault>,
  Same<'InvitationView', typeof view.Invitation>,
  Same<'AskedView', typeof view.Asked>,
  Same<'ApprovalView', typeof view.Approval>,
  Same<'ApprovalsView', typeof view.Approvals>,
  Same<'ActView', typeof acts.Act>,
  Same<'ActsView', typeof acts.Acts>,
  Same<'Difference', typeof acts.Difference>,
  Same<'ConfirmView', typeof acts.ConfirmBegun>,
  Same<'DisasterView', typeof disasters.Disaster>,
  Same<'WideningView', typeof disasters.Widening>,
  Same<'DeputyView', typeof deputies.Deputy>,
  Same<'DeputiesView', typeof deputies.Deputies>,
  Same<'BulkResultView', typeof deputies.BulkResult>,
  Same<'DesktopView', typeof view.Desktop>,
  Same<'IncidentView', typeof view.Incident>,
  Same<'IncidentDetailView', typeof view.IncidentDetail>,
  Same<'BundleView', typeof view.Bundle>,
  Same<'AuditRowView', typeof view.AuditRow>,
  Same<'AuditPageView', typeof view.AuditPage>,
  Same<'SubjectsView', typeof view.Subjects>,
  Same<'CheckpointView', typeof view.Checkpoint>,
  Same<'GuardPolicy', typeof view.GuardPolicy>,
  Same<'DevicePostureView', typeof view.DevicePosture>,
  Same<'PostureRules', typeof view.PostureRules>,
  Same<'PostureRule', typeof view.PostureRule>,
  Same<'PosturePlace', typeof view.PosturePlace>,
  Same<'PlaceRulesView', typeof view.PlaceRules>,
  Same<'SearchQuery', typeof view.SearchQuery>,
  Same<'SavedSearchView', typeof view.SavedSearch>,
  Same<'SIEMView', typeof view.Siem>,
  Same<'ReportView', typeof view.Report>,
  Same<'ReportsView', typeof view.Reports>,
  Same<'ClientView', typeof clients.Client>,
  Same<'ClientFileView', typeof clients.ClientFile>,
  Same<'WorkView', typeof clients.Work>,
  Same<'AssignmentView', typeof clients.Assignment>,
  Same<'RulesView', typeof rules.Rules>,
  Same<'RulesCheckView', typeof rules.RulesCheck>,
  Same<'RulesAnswerView', typeof rules.RulesAnswer>,
  Same<'DesktopWhoView', typeof rules.DesktopWho>,
  Same<'RefusalView', typeof rules.Refusal>,
  Same<'FlowsView', typeof flows.Flows>,
  Same<'FlowView', typeof flows.FlowFile>,
  Same<'FlowSavedView', typeof flows.FlowSaved>,
  Same<'FlowPublishedView', typeof flows.FlowPublished>,
  Same<'FlowHistoryView', typeof flows.FlowHistory>,
  Same<'FlowTrialView', typeof flows.FlowTrial>,
  Same<'FlowPartsView', typeof flows.FlowParts>,
  Same<'LookupSavedView', typeof flows.LookupSaved>,
  Same<'PoolsView', typeof pools.Pools>,
  Same<'CallBoardView', typeof calls.CallBoard>,
  Same<'QueueNowView', typeof calls.QueueNow>,
  Same<'AgentView', typeof calls.Agent>,
  Same<'CallView', typeof calls.Call>,
  Same<'FiguresView', typeof calls.Figures>,
  Same<'CallReportView', typeof calls.CallReport>,
  Same<'AttendanceView', typeof calls.Attendance>,
  Same<'RecordingView', typeof recordings.Recording>,
  Same<'RecordingDetailView', typeof recordings.RecordingDetail>,
  Same<'ListeningView', typeof recordings.Listening>,
  Same<'PoolView', typeof pools.Pool>,
  Same<'PoolPersonView', typeof pools.PoolPerson>,
  Same<'PoolPCView', typeof pools.PoolPC>,
  Same<'NetworkView', typeof networks.Network>,
  Same<'NetworksView', typeof networks.Networks>,
  Same<'LoansView', typeof loans.Loans>,
  Same<'LoanRowView', typeof loans.LoanRow>,
  Same<'PermitView', typeof loans.Permit>,
  Same<'LoanView', typeof loans.Loan>,
  Same<'LoanItemView', typeof loans.LoanItem>,
  Same<'TieView', typeof loans.Tie>,
  Same<'CardView', typeof loans.LossCard>,
  Same<'LostView', typeof loans.Lost>,
  Same<'KitView', typeof loans.Kit>,
  Same<'KitRowView', typeof loans.KitRow>,
  Same<'KitFaultView', typeof loans.KitFault>,
  Same<'KitSlipView', typeof loans.KitSlip>,
  Same<'IdentitiesView', typeof view.Identities>,
  Same<'IdentityView', typeof view.Identity>,
  Same<'ProviderView', typeof view.Provider>,
  Same<'RolesView', typeof roles.Roles>,
  Same<'ShiftsView', typeof shifts.Shifts>,
  Same<'ShiftRulesView', typeof shifts.ShiftRules>,
  Same<'ShiftPersonView', typeof shifts.ShiftPerson>,
  Same<'ShiftListView', typeof shifts.ShiftList>,
  Same<'ShiftListRowView', typeof shifts.ShiftListRow>,
  Same<'RightView', typeof roles.Right>,
  Same<'OwnRoleView', typeof roles.OwnRole>,
  Same<'ReadinessView', typeof readiness.Readiness>,
  Same<'MeasureView', typeof readiness.Measure>,
  Same<'ReadinessClientView', typeof readiness.ReadinessClient>,
  Same<'NamedView', typeof readiness.Named>,
  Same<'PersonReadinessView', typeof readiness.PersonReadiness>,
  Same<'RoomCheckView', typeof readiness.RoomCheck>,
  Same<'RoomCheckRowView', typeof readiness.RoomCheckRow>,
  Same<'RoomChecksView', typeof readiness.RoomChecks>,
  Same<'RoomAnswerView', typeof readiness.RoomAnswer>,
  Same<'RoomPhotoView', typeof readiness.RoomPhoto>,
  Same<'RoomRulesView', typeof readiness.RoomRules>,
  Same<'RoomQuestionView', typeof readiness.RoomQuestion>,
  Same<'PageView', typeof paging.Page>,
  Same<'WitnessView', typeof witness.WitnessCase>,
  Same<'WitnessRequestView', typeof witness.WitnessRequest>,
  Same<'OldFacesView', typeof witness.OldFaces>,
  Same<'OldFaceView', typeof witness.OldFace>,
  Same<'OldFaceSealedView', typeof witness.OldFaceSealed>,
] = [
  true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true,
  true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true,
  true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true,
  true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true,
  true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true,
  true, true, true, true, true, true, true, true, true, true,
];

test('every answer is parsed with the fields that the door has', () => {
  expect(same.every(Boolean)).toBe(true);
});

test('schema.d.ts names every route of openapi.json', () => {
  // Tests run in web/.
  const door: unknown = JSON.parse(readFileSync('../internal/api/console/openapi.json', 'utf8'));
  const made = readFileSync('apps/console/src/api/schema.d.ts', 'utf8');
  const paths = typeof door === 'object' && door !== null && 'paths' in door ? Object.keys(door.paths as object) : [];
  expect(paths.length).toBeGreaterThan(20);
  for (const path of paths) expect(made).toContain(`"${path}": {`);
});
