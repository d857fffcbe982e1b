package roles

import (
	"slices"

	"github.com/sekisho/sekisho"
)

// Right is one thing that somebody may do in the console, as a sentence says it
// on the page. Its routes are the door's.
type Right string

// Rights, by the built-in role whose they are.
const (
	WatchFloor    Right = "floor.watch"
	CloseSessions Right = "floor.close"
	ListIncidents Right = "incidents.list"
	ReadRefusals  Right = "refusals.read"
	ReadTraining  Right = "training.read"
	ReadShifts    Right = "shifts.read"

	ReadIncidents   Right = "incidents.read"
	ReadLog         Right = "log.read"
	TakeLog         Right = "log.take"
	ReadReports     Right = "reports.read"
	ReadSettings    Right = "settings.read"
	TrainingRecords Right = "training.records"
	ReadClients     Right = "clients.read"

	MakeReports   Right = "reports.make"
	HoldEvidence  Right = "evidence.hold"
	FetchEvidence Right = "evidence.fetch"

	ReadDevices    Right = "devices.read"
	ManageDevices  Right = "devices.manage"
	ReadPeople     Right = "people.read"
	ManagePeople   Right = "people.manage" // operators alone
	ManageDesktops Right = "desktops.manage"
	ManageClients  Right = "clients.manage"
	ManageTraining Right = "training.manage"
	ManagePosture  Right = "posture.manage"
	ManageShifts   Right = "shifts.manage"
)

// Rights lists every right, in the order in which pages show them.
var Rights = []Right{
	WatchFloor, CloseSessions, ListIncidents, ReadRefusals, ReadTraining, ReadShifts,
	ReadIncidents, ReadLog, TakeLog, ReadReports, ReadSettings, TrainingRecords, ReadClients,
	MakeReports, HoldEvidence, FetchEvidence,
	ReadDevices, ManageDevices, ReadPeople, ManagePeople, ManageDesktops, ManageClients, ManageTraining, ManagePosture, ManageShifts,
}

var sides = map[Right]sekisho.Role{
	WatchFloor: sekisho.RoleSupervisor, CloseSessions: sekisho.RoleSupervisor, ListIncidents: sekisho.RoleSupervisor,
	ReadRefusals: sekisho.RoleSupervisor, ReadTraining: sekisho.RoleSupervisor, ReadShifts: sekisho.RoleSupervisor,
	ReadIncidents: sekisho.RoleAuditor, ReadLog: sekisho.RoleAuditor, TakeLog: sekisho.RoleAuditor, ReadReports: sekisho.RoleAuditor,
	ReadSettings: sekisho.RoleAuditor, TrainingRecords: sekisho.RoleAuditor, ReadClients: sekisho.RoleAuditor,
	MakeReports: sekisho.RoleOfficer, HoldEvidence: sekisho.RoleOfficer, FetchEvidence: sekisho.RoleOfficer,
	ReadDevices: sekisho.RoleAdministrator, ManageDevices: sekisho.RoleAdministrator, ReadPeople: sekisho.RoleAdministrator,
	ManagePeople: sekisho.RoleAdministrator, ManageDesktops: sekisho.RoleAdministrator, ManageClients: sekisho.RoleAdministrator,
	ManageTraining: sekisho.RoleAdministrator, ManagePosture: sekisho.RoleAdministrator, ManageShifts: sekisho.RoleAdministrator,
}

// Side is the built-in role whose right it is; "" for what is no right.
func (r Right) Side() sekisho.Role { return sides[r] }

// has says whether any of rights is of a side.
func has(rights []Right, side sekisho.Role) bool {
	return slices.ContainsFunc(rights, func(r Right) bool { return r.Side() == side })
}

// high says whether rights need the second administrator.
func high(rights []Right) bool {
	return has(rights, sekisho.RoleAdministrator) || has(rights, sekisho.RoleOfficer)
}

// mixed says whether these rights, beside these built-in roles, would bring an
// administrator's and an officer's rights together through an own role.
func mixed(rights []Right, builtIn []sekisho.Role) bool {
	administrator, officer := has(rights, sekisho.RoleAdministrator), has(rights, sekisho.RoleOfficer)
	return administrator && (officer || slices.Contains(builtIn, sekisho.RoleOfficer)) ||
		officer && slices.Contains(builtIn, sekisho.RoleAdministrator)
}

// separate leaves both sides out where they have come together.
func separate(rights []Right, builtIn []sekisho.Role) []Right {
	if !mixed(rights, builtIn) {
		return rights
	}
	return slices.DeleteFunc(slices.Clone(rights), func(r Right) bool {
		return r.Side() == sekisho.RoleAdministrator || r.Side() == sekisho.RoleOfficer
	})
}

// normal sorts rights as Rights does, without repetitions; one that is not known is an error.
func normal(rights []Right) ([]Right, error) {
	out := []Right{}
	for _, r := range rights {
		if r.Side() == "" {
			return nil, errRight
		}
	}
	for _, r := range Rights {
		if slices.Contains(rights, r) {
			out = append(out, r)
		}
	}
	return out, nil
}
