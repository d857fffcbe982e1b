package console

import (
	"encoding/json"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/ivr"
)

// FlowsView answers GET /flows: every client company whose contract goes on, with its flows.
type FlowsView struct {
	Clients []FlowClientView `json:"clients" nullable:"false"`
}

// FlowClientView is one client company with its flows.
type FlowClientView struct {
	ID    sekisho.ClientID `json:"id"`
	Name  string           `json:"name"`
	Flows []FlowRowView    `json:"flows" nullable:"false"`
}

// FlowRowView is one flow of a list.
type FlowRowView struct {
	ID        sekisho.FlowID `json:"id"`
	Name      string         `json:"name"`
	Edit      int            `json:"edit" doc:"how often its draft was saved"`
	Published int            `json:"published" doc:"the version in force, 0 for none"`
	Changed   time.Time      `json:"changed"`
	Ended     *time.Time     `json:"ended" doc:"null while it goes on"`
}

// FlowView answers GET /flows/{id}: its draft, what stands against publishing it, and what it may name.
type FlowView struct {
	FlowRowView
	Client     sekisho.ClientID `json:"client"`
	ClientName string           `json:"client_name"`
	Draft      json.RawMessage  `json:"draft" doc:"the flow: start, survey, fallback, nodes (decision 0032)"`
	Faults     []FlowFaultView  `json:"faults" nullable:"false"`
	Parts      FlowPartsView    `json:"parts"`
}

// FlowFaultView is one thing that is wrong with a flow, in the caller's language.
type FlowFaultView struct {
	Node   ivr.NodeID `json:"node" doc:"empty where it is the flow's"`
	Field  string     `json:"field" doc:"the exit or the setting"`
	Code   string     `json:"code"`
	Title  string     `json:"title"`
	Action string     `json:"action"`
}

// FlowPublishedView says which version came into force, or why none did.
type FlowPublishedView struct {
	Version int             `json:"version" doc:"0 where faults stand against it"`
	Faults  []FlowFaultView `json:"faults" nullable:"false"`
}

// FlowSavedView is the number of the draft that was kept.
type FlowSavedView struct {
	Edit   int             `json:"edit"`
	Faults []FlowFaultView `json:"faults" nullable:"false"`
}

// FlowHistoryView answers GET /flows/{id}/versions, the newest first.
type FlowHistoryView struct {
	Versions []FlowVersionView `json:"versions" nullable:"false"`
}

// FlowVersionView is one version that was published.
type FlowVersionView struct {
	Number int       `json:"number"`
	Origin int       `json:"origin" doc:"the older version that it was taken from, 0 for a draft"`
	Author string    `json:"author" doc:"a name"`
	At     time.Time `json:"at"`
}

// FlowGraphView answers GET /flows/{id}/versions/{number}.
type FlowGraphView struct {
	Flow json.RawMessage `json:"flow"`
}

// FlowTrialView is a dry run: the way that it took and what was done. What was collected is not in it.
type FlowTrialView struct {
	Path  []ivr.NodeID  `json:"path" nullable:"false"`
	Did   []FlowDidView `json:"did" nullable:"false"`
	Cause string        `json:"cause" doc:"why the call ended"`
}

// FlowDidView is one step of a dry run.
type FlowDidView struct {
	Node   ivr.NodeID       `json:"node" doc:"empty on the fallback"`
	Step   string           `json:"step" enum:"say,ask,lookup,queue,dial,record,level,answer,callback,fault,hangup"`
	Prompt sekisho.PromptID `json:"prompt"`
	Queue  sekisho.QueueID  `json:"queue"`
	Level  sekisho.Level    `json:"level"`
	Why    string           `json:"why" doc:"of a fault, in the caller's language"`
}

// FlowPartsView is what flows of one client company may name.
type FlowPartsView struct {
	Prompts   []PromptView       `json:"prompts" nullable:"false"`
	Queues    []FlowTargetView   `json:"queues" nullable:"false"`
	Calendars []FlowCalendarView `json:"calendars" nullable:"false"`
	Lookups   []LookupView       `json:"lookups" nullable:"false"`
}

// FlowTargetView is something that a flow may name.
type FlowTargetView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// PromptView is one announcement, with the length of each sound that it has.
type PromptView struct {
	ID   sekisho.PromptID `json:"id"`
	Name string           `json:"name"`
	JA   int64            `json:"ja_ms" doc:"0 where it has none in Japanese"`
	EN   int64            `json:"en_ms" doc:"0 where it has none in English"`
}

// FlowCalendarView is one calendar of opening hours.
type FlowCalendarView struct {
	ID       ivr.CalendarID `json:"id"`
	Edit     int            `json:"edit"`
	Name     string         `json:"name"`
	Zone     string         `json:"zone"`
	Week     []FlowDayView  `json:"week" nullable:"false" doc:"by weekday, sun to sat"`
	Holidays []string       `json:"holidays" nullable:"false"`
	Extra    []FlowDayView  `json:"extra" nullable:"false" doc:"dates whose hours replace their weekday's"`
}

// FlowDayView is when one day is open.
type FlowDayView struct {
	Day   string         `json:"day" maxLength:"10" doc:"sun to sat, or a date"`
	Spans []FlowSpanView `json:"spans" nullable:"false" maxItems:"6"`
}

// FlowSpanView is a time of one day, in minutes from midnight.
type FlowSpanView struct {
	From int `json:"from" minimum:"0" maximum:"1439"`
	To   int `json:"to" minimum:"1" maximum:"1440" doc:"on the next day where it is not after from"`
}

// LookupView is one look-up, without its key and without its address: the address may hold a key.
type LookupView struct {
	ID      ivr.HookID `json:"id"`
	Edit    int        `json:"edit"`
	Name    string     `json:"name"`
	Host    string     `json:"host"`
	Stopped bool       `json:"stopped" doc:"it failed too often and rests"`
}

// LookupSavedView is a look-up with its new key, which is shown once.
type LookupSavedView struct {
	Lookup LookupView `json:"lookup"`
	Key    string     `json:"key" doc:"base64url; requests are signed with it"`
}
