package console

import (
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
)

// ClientsView answers GET /clients.
type ClientsView struct {
	Clients []ClientView `json:"clients" nullable:"false"`
}

// ClientView is one client company (委託元).
type ClientView struct {
	ID    sekisho.ClientID `json:"id"`
	Name  string           `json:"name"`
	Ended *time.Time       `json:"ended" doc:"end of the contract; its auditors then see nothing"`
}

// ClientFileView is all that is kept of one client.
type ClientFileView struct {
	Client      ClientView          `json:"client"`
	Works       []WorkView          `json:"works" nullable:"false"`
	Assignments []AssignmentView    `json:"assignments" nullable:"false" doc:"past ones too, the latest first"`
	Auditors    []ClientAuditorView `json:"auditors" nullable:"false" doc:"the client's own auditors"`
}

// LogValue hides the names.
func (ClientFileView) LogValue() slog.Value { return hidden }

// WorkView is one work (業務) of a client.
type WorkView struct {
	ID       sekisho.WorkID    `json:"id"`
	Name     string            `json:"name"`
	Ended    *time.Time        `json:"ended"`
	Desktops []WorkDesktopView `json:"desktops" nullable:"false"`
}

// WorkDesktopView is a desktop that belongs to a work.
type WorkDesktopView struct {
	ID   sekisho.DesktopID `json:"id"`
	Name string            `json:"name"`
}

// AssignmentView is one person on one work. Days are days in Japan.
type AssignmentView struct {
	ID            sekisho.AssignmentID `json:"id"`
	Work          sekisho.WorkID       `json:"work"`
	Person        sekisho.PersonID     `json:"person"`
	Name          string               `json:"name"`
	From          string               `json:"from" doc:"first day, 2026-04-01"`
	Until         string               `json:"until" doc:"last day; empty where no end is known"`
	Subcontracted bool                 `json:"subcontracted" doc:"再委託: the person is a subcontractor's"`
	Today         bool                 `json:"today" doc:"in force now"`
}

// LogValue hides the name.
func (AssignmentView) LogValue() slog.Value { return hidden }

// ClientAuditorView is one auditor of a client.
type ClientAuditorView struct {
	ID   sekisho.PersonID `json:"id"`
	Name string           `json:"name"`
}

// LogValue hides the name.
func (ClientAuditorView) LogValue() slog.Value { return hidden }
