package console

import (
	"slices"

	"github.com/sekisho/sekisho"
	own "github.com/sekisho/sekisho/internal/gate/roles"
)

// granted says which routes each right of an own role opens. Every route stands
// here or in builtInOnly (TestRightsAreNeverWiderThanRoles), and a right opens
// only what the built-in role whose it is may use.
var granted = map[own.Right][]string{
	own.WatchFloor:    {"GET /floor"},
	own.CloseSessions: {"GET /floor", "POST /sessions/{id}/close"},
	own.ListIncidents: {"GET /incidents"},
	own.ReadRefusals:  {"GET /refusals"},
	own.ReadTraining: {
		"GET /training", "GET /training/people/{id}", "GET /training/practice", "GET /training/documents", "GET /training/documents/{id}", "GET /training/documents/{id}/difference",
	},

	own.ReadIncidents: {"GET /incidents", "GET /incidents/{id}"},
	own.ReadLog: {
		"GET /audit", "GET /audit/subjects", "GET /audit/checkpoint", "GET /audit/{seq}", "GET /audit/{seq}/proof",
		"GET /audit/searches", "POST /audit/searches", "DELETE /audit/searches/{id}", "GET /audit/siem",
	},
	own.TakeLog:      {"GET /audit/export", "GET /audit/rows"},
	own.ReadReports:  {"GET /reports", "GET /reports/{id}/file"},
	own.ReadSettings: {"GET /policies", "GET /posture/rules", "GET /networks", "GET /offices", "GET /rules", "GET /rules/{number}", "GET /attestation"},
	own.TrainingRecords: {
		"GET /training", "GET /training/people/{id}", "GET /training/records", "GET /training/courses", "GET /training/practice",
		"GET /training/documents", "GET /training/documents/{id}", "GET /training/documents/{id}/difference",
	},
	own.ReadClients: {"GET /clients", "GET /clients/{id}"},

	own.MakeReports:   {"GET /reports", "POST /reports", "GET /reports/{id}/file"},
	own.HoldEvidence:  {"GET /incidents", "GET /incidents/{id}", "POST /incidents/{id}/hold", "POST /incidents/{id}/release"},
	own.FetchEvidence: {"GET /incidents", "GET /incidents/{id}", "GET /evidence/{hash}"},

	own.ReadDevices: {"GET /devices", "GET /devices/{id}", "GET /devices/{id}/posture", "GET /loans", "GET /loans/{id}"},
	own.ManageDevices: {
		"GET /devices", "GET /devices/{id}", "GET /devices/{id}/posture", "GET /people", "GET /policies",
		"POST /devices", "POST /devices/{id}/code", "POST /devices/{id}/approve", "POST /devices/{id}/refuse", "POST /devices/{id}/suspend",
		"POST /devices/{id}/resume", "POST /devices/{id}/return", "POST /devices/{id}/revoke", "PUT /devices/{id}/place", "DELETE /devices/{id}/place",
		"GET /loans", "GET /loans/{id}", "PUT /loans/{id}", "POST /loans/{id}/return", "POST /loans/{id}/replace", "POST /loans/{id}/card",
		"POST /loans/{id}/lost", "POST /loans/{id}/received", "POST /kitting/plan", "POST /kitting/apply",
	},
	own.ReadPeople: {"GET /people"},
	own.ManagePeople: {
		"GET /people", "POST /people", "PATCH /people/{id}", "POST /people/{id}/invitation", "POST /people/{id}/suspend", "POST /people/{id}/resume",
	},
	own.ManageDesktops: {
		"GET /desktops", "POST /desktops", "PATCH /desktops/{id}", "DELETE /desktops/{id}", "PUT /desktops/{id}/people", "GET /desktops/{id}/who", "GET /people",
	},
	own.ManageClients: {
		"GET /clients", "GET /clients/{id}", "POST /clients", "PATCH /clients/{id}", "POST /clients/{id}/works", "PATCH /works/{id}", "POST /works/{id}/people",
		"PUT /works/{id}/desktops/{desktop}", "PATCH /assignments/{id}", "DELETE /assignments/{id}",
		"PUT /clients/{id}/auditors/{person}", "DELETE /clients/{id}/auditors/{person}", "GET /people", "GET /desktops",
	},
	own.ManageTraining: {
		"GET /training", "GET /training/people/{id}", "PUT /training/rules", "GET /training/records", "GET /training/courses", "POST /training/courses",
		"PUT /training/courses/{id}", "GET /training/courses/{id}/questions", "POST /training/courses/{id}/import", "POST /training/questions/{id}/retire",
		"GET /training/practice", "GET /training/practice/{id}", "POST /training/practice/import", "POST /training/practice/{id}/retire",
		"GET /training/documents", "GET /training/documents/{id}", "GET /training/documents/{id}/difference", "POST /training/documents/{id}/versions",
	},
	own.ReadShifts:    {"GET /shifts"},
	own.ManageShifts:  {"GET /shifts", "PUT /shifts/people/{id}", "POST /shifts/list/plan", "POST /shifts/list/apply"},
	own.ManagePosture: {"GET /policies", "PUT /policies/{name}", "GET /posture/rules", "PUT /posture/rules/{name}"},
}

// builtInOnly are the routes that no own role opens: whoever gives rights,
// approves, decides incidents or loosens what holds for all does so by a role of
// the house, which the rooms ask for again.
var builtInOnly = []string{
	"GET /flows", "POST /flows", "GET /flows/{id}", "PUT /flows/draft", "POST /flows/{id}/publish", "POST /flows/{id}/try", "POST /flows/{id}/end", "GET /flows/{id}/versions", "GET /flows/{id}/versions/{number}", "POST /flows/{id}/versions/{number}", "GET /flow-parts/{id}",
	"POST /prompts", "PUT /prompts/sound", "GET /prompts/{id}/sound", "DELETE /prompts/{id}", "PUT /calendars", "DELETE /calendars/{id}", "PUT /lookups", "DELETE /lookups/{id}",
	"GET /identities", "PUT /people/{id}/identity", "DELETE /people/{id}/identity", "GET /people/{id}/mail", "PUT /people/{id}/mail",
	"GET /roles", "POST /roles", "PUT /roles/{id}", "DELETE /roles/{id}", "PUT /roles/{id}/people/{person}", "DELETE /roles/{id}/people/{person}",
	"GET /pools", "POST /pools", "DELETE /pools/{id}", "PUT /pools/{id}/people/{person}", "DELETE /pools/{id}/people/{person}", "PUT /pools/{id}/pcs/{device}", "DELETE /pools/{id}/pcs/{device}",
	"GET /approvals", "GET /approvals/{id}", "POST /approvals/{id}/decide", "POST /approvals/bulk", "GET /deputies", "POST /deputies", "DELETE /deputies/{id}",
	"POST /witness/{id}/take", "GET /witness/{id}", "POST /witness/{id}/begin", "POST /witness/{id}/confirm", "POST /witness/{id}/refuse", "POST /witness/{id}/old",
	"GET /old-faces", "POST /old-faces/{id}/ask", "POST /old-faces/{id}/give",
	"GET /acts", "POST /acts/{id}/begin", "POST /acts/{id}/confirm", "POST /acts/{id}/refuse",
	"GET /disaster", "POST /disaster", "POST /disaster/end", "POST /disaster/widenings", "DELETE /disaster/widenings/{id}",
	"POST /loans/{id}/permits", "POST /loans/{id}/release", "POST /permits/{id}/end",
	"POST /people/joiners/plan", "POST /people/joiners/apply", "POST /people/leavers/plan", "POST /people/leavers/apply",
	"POST /floor/{id}/unlock", "GET /passwords/locked", "POST /passwords/{id}/unlock", "POST /incidents/{id}/decide",
	"PUT /attestation", "POST /attestation/keys", "DELETE /attestation/keys/{id}", "POST /attestation/authorities", "DELETE /attestation/authorities/{id}",
	"GET /readiness", "GET /readiness/clients/{id}", "GET /readiness/people/{id}", "GET /readiness/checks", "POST /readiness/checks/{id}/decide",
	"POST /readiness/checks/{id}/photo", "GET /readiness/rules", "PUT /readiness/rules",
	"PUT /shifts/rules", "POST /shifts/people/{id}/extend", "PUT /networks/{door}", "PUT /offices", "POST /home/code/begin", "POST /home/code/finish", "POST /rules/check", "PUT /rules",
	"GET /trunks", "POST /trunks", "PUT /trunks/{id}", "DELETE /trunks/{id}", "GET /numbers", "POST /numbers", "PUT /numbers/{number}", "DELETE /numbers/{number}",
	"GET /queues", "POST /queues", "PUT /queues/{id}", "POST /queues/{id}/retire", "GET /skills", "PUT /skills/{id}",
	"GET /calls/board", "POST /calls/{id}/watch", "DELETE /calls/{id}/watch", "POST /calls/{id}/take", "POST /calls/{id}/end", "PUT /calls/people/{id}/state",
	"GET /calls/report", "GET /calls/report/file", "GET /calls/attendance", "GET /calls/attendance/file",
	"GET /recordings/choices", "POST /recordings/search", "GET /recordings/{id}", "POST /recordings/{id}/listen", "GET /listening/{id}",
	"POST /recordings/{id}/hold", "POST /recordings/{id}/lift", "GET /recordings/retention", "PUT /recordings/retention/{client}",
}

// always is what every right opens beside its routes.
var always = []string{"GET /events"}

// told says of which changes the holders of a right learn, beside the roles in hears.
var told = map[string][]own.Right{
	"floor.changed":    {own.WatchFloor, own.CloseSessions},
	"incident.changed": {own.ListIncidents, own.ReadIncidents, own.HoldEvidence, own.FetchEvidence},
	"device.changed":   {own.ReadDevices, own.ManageDevices},
	"audit.taken":      {own.ReadLog},
	"report.changed":   {own.ReadReports, own.MakeReports},
}

// allows says whether one of these rights opens route.
func allows(route string, rights []own.Right) bool {
	return slices.ContainsFunc(rights, func(r own.Right) bool {
		return len(granted[r]) > 0 && (slices.Contains(always, route) || slices.Contains(granted[r], route))
	})
}

// may says whether this person may use route, by a built-in or an own role.
func (i Identity) may(route string) bool { return may(route, i.Roles) || allows(route, i.Rights) }

// welcome says whether the console has anything for this person.
func (i Identity) welcome() bool { return welcome(i.Roles) || len(i.Rights) > 0 }

// hears says whether this person learns of a change.
func (i Identity) hears(change string) bool {
	return slices.ContainsFunc(hears[change], func(r sekisho.Role) bool { return slices.Contains(i.Roles, r) }) ||
		slices.ContainsFunc(told[change], func(r own.Right) bool { return slices.Contains(i.Rights, r) })
}
